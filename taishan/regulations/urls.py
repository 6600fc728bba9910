from django.urls import path

from taishan.regulations import citing_views, risk_imports, risk_views, views

app_name = "regulations"
urlpatterns = [
    path("", views.regulations, name="regulations"),
    path("library.xlsx", views.whole_library, {"form": "xlsx"}, name="library_xlsx"),
    path("library.yaml", views.whole_library, {"form": "yaml"}, name="library_yaml"),
    path("template.xlsx", views.template, name="template"),
    path("risk-levels/", risk_views.levels, name="risk_levels"),
    path("risk-levels.xlsx", risk_views.levels_file, {"form": "xlsx"}, name="risk_levels_xlsx"),
    path("risk-levels.csv", risk_views.levels_file, {"form": "csv"}, name="risk_levels_csv"),
    path("risk-levels/import/", risk_imports.imports, name="risk_imports"),
    path("risk-levels/import/<str:token>/", risk_imports.confirmation, name="risk_confirmation"),
    path("risk-levels/<str:what>-template.xlsx", risk_imports.template, name="risk_template"),
    path(
        "risk-levels/<str:place>/<str:starts>/withdrawal/",
        risk_views.withdrawal,
        name="risk_withdrawal",
    ),
    path("<slug:key>/", views.regulation, name="regulation"),
    path("<slug:key>/directives/", citing_views.directives, name="directives"),
]
