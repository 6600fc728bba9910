from django.urls import path

from taishan.safety import hazard_board_views, hazard_find_views, hazard_import_views

app_name = "hazard_board"
urlpatterns = [
    path("", hazard_board_views.board, name="board"),
    path("statistics/", hazard_board_views.statistics, name="statistics"),
    path("statistics.xlsx", hazard_board_views.statistics_file, name="statistics_file"),
    path("hazards/", hazard_find_views.hazards, name="hazards"),
    path("hazards.xlsx", hazard_find_views.as_file, name="hazards_file"),
    path("hazards/repeated/", hazard_board_views.repeated, name="repeated"),
    path("hazards/mine/", hazard_find_views.mine, name="mine"),
    path("hazards/thumbnails/<int:pk>/", hazard_find_views.thumbnail, name="thumbnail"),
    path("hazards/import/", hazard_import_views.imports, name="imports"),
    path("hazards/import/template.xlsx", hazard_import_views.template, name="template"),
    path("hazards/import/<str:token>/", hazard_import_views.confirmation, name="confirmation"),
]
