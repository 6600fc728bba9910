from django.urls import path

from taishan.organisation import table_views, unit_views, views

app_name = "organisation"
urlpatterns = [
    path("sign-in/<str:token>/", views.sign_in, name="sign_in"),
    path("organisation/", views.tree, name="tree"),
    path("organisation/import/", table_views.imports, name="imports"),
    path("organisation/import/<str:token>/", table_views.confirmation, name="confirmation"),
    path("organisation/imports/<int:pk>/", table_views.import_run, name="import_run"),
    path("organisation/<str:what>-template.xlsx", table_views.template, name="template"),
    path("organisation/<str:what>.xlsx", table_views.export, {"form": "xlsx"}, name="export_xlsx"),
    path("organisation/<str:what>.csv", table_views.export, {"form": "csv"}, name="export_csv"),
    path("organisation/units/<str:code>/", unit_views.unit, name="unit"),
    path("organisation/units/<str:code>/group/", unit_views.group, name="group"),
    path("organisation/people/<str:staff_no>/", unit_views.person, name="person"),
]
