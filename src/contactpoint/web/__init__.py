"""The pages: forms, presenters that choose words, views that call actions, templates that place words."""
