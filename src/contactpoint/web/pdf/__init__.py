"""A report as a PDF, tagged, so that whoever cannot see it is read the same."""
