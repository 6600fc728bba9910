from django.urls import path

from taishan.web import inspection_views as views
from taishan.web.inspection_files import FORMS

app_name = "inspection"
urlpatterns = [
    path("", views.entries, name="entries"),
    path("record/", views.record, name="record"),
    *(path(f"entries.{form}", views.export, {"form": form}, name=form) for form in FORMS),
    path("seals/", views.seals, name="seals"),
    path("verify.py", views.script, name="script"),
]
