from django.urls import path

from taishan.interop import client_views
from taishan.interop.openrosa import form_views, submission_views

app_name = "odk"
CLIENT = [
    ("formList", form_views.form_list, "form_list"),
    ("forms/<str:form_id>/<int:number>.xml", form_views.form, "form"),
    ("forms/<str:form_id>/<int:number>/manifest", form_views.manifest, "manifest"),
    (
        "forms/<str:form_id>/<int:number>/media/<str:name>",
        form_views.media_file,
        "media",
    ),
    ("submission", submission_views.submission, "submission"),
]
urlpatterns = [
    path("", client_views.clients, name="clients"),
    path("tokens/", client_views.tokens_, name="tokens"),
    path("tokens/<int:pk>/revocation/", client_views.revocation, name="revocation"),
    *(path(route, view, name=name) for route, view, name in CLIENT),
    *(path(f"<str:token>/{route}", view, name=name) for route, view, name in CLIENT),
]
