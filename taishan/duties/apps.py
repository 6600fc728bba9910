from django.apps import AppConfig


class DutiesConfig(AppConfig):
    name = "taishan.duties"
    verbose_name = "Duties"
