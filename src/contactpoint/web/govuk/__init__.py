"""GOV.UK Frontend's macros for Django templates, and Django's form fields as the macros want them."""
