from django.urls import path

from taishan.regulations import views

app_name = "regulations"
urlpatterns = [
    path("", views.regulations, name="regulations"),
    path("library.xlsx", views.library_file, {"form": "xlsx"}, name="library_xlsx"),
    path("library.yaml", views.library_file, {"form": "yaml"}, name="library_yaml"),
    path("template.xlsx", views.template, name="template"),
    path("<slug:key>/", views.regulation, name="regulation"),
]
