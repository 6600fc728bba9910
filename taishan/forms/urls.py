from django.urls import path

from taishan.forms import media_views, views

app_name = "forms"
urlpatterns = [
    path("", views.forms, name="forms"),
    path("<slug:code>/", views.form, name="form"),
    path("<slug:code>/<int:number>/", views.version, name="version"),
    path("<slug:code>/<int:number>.xlsx", views.source, name="source"),
    path("<slug:code>/<int:number>/files/", media_views.files, name="files"),
    path("<slug:code>/<int:number>/files/<str:name>", media_views.file, name="file"),
    path("<slug:code>/<int:number>/publication/", views.publication, name="publication"),
    path("<slug:code>/<int:number>/retirement/", views.retirement, name="retirement"),
]
