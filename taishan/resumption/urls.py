from django.urls import path

from taishan.resumption import attestation_views, board_views, library_views, views

app_name = "resumption"
urlpatterns = [
    path("board/", board_views.board, name="board"),
    path("board/trend/", board_views.trend, name="trend"),
    path("board.xlsx", board_views.board_file, name="board_file"),
    path("units/<str:code>/", views.unit_page, name="unit"),
    path("units/<str:code>/verdicts/", views.verdicts, name="verdicts"),
    path("units/<str:code>/attestations/", attestation_views.attestations, name="attestations"),
    path(
        "units/<str:code>/attestations/<int:pk>/file/",
        attestation_views.evidence_file,
        name="evidence_file",
    ),
    path(
        "units/<str:code>/attestations/<int:pk>/refutation/",
        attestation_views.refutation,
        name="refutation",
    ),
    path("regulations/libraries/", library_views.libraries, name="libraries"),
    path("regulations/libraries/<str:token>/", library_views.library, name="library"),
    path(
        "regulations/libraries/<str:token>/confirmation/",
        library_views.confirmation,
        name="library_confirmation",
    ),
]
