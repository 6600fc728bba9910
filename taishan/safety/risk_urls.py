from django.urls import path

from taishan.safety import risk_act_views as acts
from taishan.safety import risk_file_views as files
from taishan.safety import risk_views as views

app_name = "risks"
urlpatterns = [
    path("", views.register, name="register"),
    path("methods/", views.methods, name="methods"),
    path("file/", files.file, name="file"),
    path("template/", files.template, name="template"),
    path("import/", files.upload, name="import"),
    path("import/<str:token>/", files.confirmation, name="confirmation"),
    path("new/", acts.new, name="new"),
    path("<int:pk>/", views.point, name="point"),
    path("<int:pk>/gradings/", acts.gradings, name="gradings"),
    path("<int:pk>/measures/", acts.measures, name="measures"),
    path("<int:pk>/closing/", acts.closing, name="closing"),
    path("measures/<int:pk>/check/", acts.check, name="check"),
    path("measures/<int:pk>/end/", acts.end, name="end"),
    path("checks/<int:pk>/photo/", views.photo, name="photo"),
]
