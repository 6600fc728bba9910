from django.apps import AppConfig


class SituationConfig(AppConfig):
    name = "taishan.situation"
    verbose_name = "Situation"
