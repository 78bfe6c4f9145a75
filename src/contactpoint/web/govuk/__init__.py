"""GOV.UK Frontend's macros made usable from Django templates, and Django's form fields made usable by them."""
