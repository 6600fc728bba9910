from django.urls import path

from taishan.organisation import (
    authority_views,
    change_views,
    place_views,
    table_views,
    tree_views,
    unit_views,
    views,
)

app_name = "organisation"
urlpatterns = [
    path("sign-in/<str:token>/", views.sign_in, name="sign_in"),
    path("invitation/<str:token>/", authority_views.invitation, name="invitation"),
    path("organisation/", tree_views.tree, name="tree"),
    path("organisation/import/", table_views.imports, name="imports"),
    path("organisation/import/<str:token>/", table_views.confirmation, name="confirmation"),
    path("organisation/imports/<int:pk>/", table_views.import_run, name="import_run"),
    path("organisation/<str:what>-template.xlsx", table_views.template, name="template"),
    path("organisation/<str:what>.xlsx", table_views.export, {"form": "xlsx"}, name="export_xlsx"),
    path("organisation/<str:what>.csv", table_views.export, {"form": "csv"}, name="export_csv"),
    path("organisation/places/", place_views.places, name="places"),
    path("organisation/places/<str:code>/", place_views.place, name="place"),
    path("organisation/units/", tree_views.unit_options, name="unit_options"),
    path("organisation/units/<str:code>/", unit_views.unit, name="unit"),
    path("organisation/units/<str:code>/branch/", tree_views.branch, name="branch"),
    path("organisation/units/<str:code>/parts/", change_views.parts, name="parts"),
    path("organisation/units/<str:code>/facts/", change_views.facts, name="facts"),
    path("organisation/units/<str:code>/move/", change_views.move, name="move"),
    path("organisation/units/<str:code>/merger/", change_views.merger, name="merger"),
    path("organisation/units/<str:code>/split/", change_views.split, name="split"),
    path("organisation/units/<str:code>/closure/", change_views.closure, name="closure"),
    path("organisation/units/<str:code>/roles/", authority_views.roles, name="roles"),
    path("organisation/roles/<int:pk>/revocation/", authority_views.revocation, name="revocation"),
    path("organisation/units/<str:code>/group/", unit_views.group, name="group"),
    path(
        "organisation/units/<str:code>/posts/<str:post>/kind/",
        unit_views.post_kind,
        name="post_kind",
    ),
    path("organisation/people/<str:staff_no>/", unit_views.person, name="person"),
    path("organisation/people/<str:staff_no>/account/", authority_views.account, name="account"),
]
