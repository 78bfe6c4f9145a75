"""The root of all addresses."""

from django.urls import include, path

urlpatterns = [path("", include("contactpoint.web.urls"))]

handler403 = "contactpoint.web.views.errors.forbidden"
handler404 = "contactpoint.web.views.errors.not_found"
handler400 = "contactpoint.web.views.errors.bad_request"
handler500 = "contactpoint.web.views.errors.broken"
