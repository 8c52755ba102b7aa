"""The addresses of the console."""

from django.urls import path

from lofte.console import views

app_name = "console"

urlpatterns = [
    path("", views.request_list, name="requests"),
    path("ledger", views.ledger, name="ledger"),
    path("requests/<str:number>", views.request_page, name="request"),
    path("requests/<str:number>/package", views.package, name="package"),
]
