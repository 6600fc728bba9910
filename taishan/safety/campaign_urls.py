from django.urls import path

from taishan.safety import campaign_entry_views as entries
from taishan.safety import campaign_opening_views as opening
from taishan.safety import campaign_unit_views as units
from taishan.safety import campaign_views as views

_UNIT = "<int:pk>/units/<str:code>/"

app_name = "campaigns"
urlpatterns = [
    path("", views.campaigns, name="campaigns"),
    path("new/", opening.new, name="new"),
    path("<int:pk>/", views.campaign, name="campaign"),
    path("<int:pk>/units.xlsx", views.units_file, name="units_file"),
    path("<int:pk>/lists.xlsx", views.lists_file, name="lists_file"),
    path("<int:pk>/milestones/", views.milestones, name="milestones"),
    path("<int:pk>/milestones/<int:number>/reaching/", views.reaching, name="reaching"),
    path("<int:pk>/targets/", views.targets, name="targets"),
    path("<int:pk>/closing/", views.closing, name="closing"),
    path("<int:pk>/report/", views.report, name="report"),
    path("<int:pk>/report.<str:form>", views.report_file, name="report_file"),
    path(_UNIT, units.unit, name="unit"),
    path(f"{_UNIT}entries/", units.entries, name="entries"),
    path(f"{_UNIT}hazards/", units.hazards, name="hazards"),
    path(f"{_UNIT}lists.xlsx", units.lists_file, name="unit_file"),
    path(f"{_UNIT}template.xlsx", units.template, name="template"),
    path(f"{_UNIT}import/", units.imports, name="import"),
    path(f"{_UNIT}import/<str:token>/", units.confirmation, name="confirmation"),
    path(f"{_UNIT}returns/<str:month>/", units.month_return, name="return"),
    path("entries/<int:pk>/", entries.entry, name="entry"),
    path("entries/<int:pk>/files/<int:number>/", entries.file, name="file"),
    path("entries/<int:pk>/completion/", entries.act, {"act": "done"}, name="completion"),
    path("entries/<int:pk>/return/", entries.act, {"act": "returned"}, name="giving_back"),
    path("entries/<int:pk>/verification/", entries.act, {"act": "verified"}, name="verification"),
    path("entries/<int:pk>/withdrawal/", entries.act, {"act": "withdrawn"}, name="withdrawal"),
]
