"""One file per page or pair of pages: read the form, call an action, render what its presenter says."""
