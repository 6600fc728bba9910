from django.apps import AppConfig


class RegulationsConfig(AppConfig):
    name = "taishan.regulations"
    verbose_name = "Regulations"
