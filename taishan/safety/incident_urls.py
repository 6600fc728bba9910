from django.urls import path

from taishan.safety import incident_act_views as acts
from taishan.safety import incident_number_views as numbers
from taishan.safety import incident_views as views

app_name = "incidents"
urlpatterns = [
    path("", views.all_of_them, name="incidents"),
    path("incidents.xlsx", views.as_file, name="file"),
    path("new/", views.new, name="new"),
    path("statistics/", numbers.statistics, name="statistics"),
    path("statistics.xlsx", numbers.statistics_file, name="statistics_file"),
    path("hours/", numbers.hours, name="hours"),
    path("hours/import/", numbers.hours_import, name="hours_import"),
    path("hours/template.xlsx", numbers.hours_template, name="hours_template"),
    path("osha/<slug:form>.xlsx", numbers.osha, name="osha"),
    path("<int:pk>/", views.incident, name="incident"),
    path("<int:pk>/photos/<int:photo>/", views.photo, name="photo"),
    path("<int:pk>/acts/<slug:act>/", acts.act, name="act"),
    path("<int:pk>/tellings/<int:telling>/", acts.proof, name="proof"),
    path("<int:pk>/tellings/<int:telling>/waiver/", acts.waiver, name="waiver"),
    path("<int:pk>/tellings/<int:telling>/file/", acts.receipt, name="receipt"),
    path("<int:pk>/injured/", acts.injured, name="injured"),
    path("<int:pk>/injured/<int:number>/", acts.injured_one, name="injured_one"),
]
