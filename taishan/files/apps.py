from django.apps import AppConfig


class FilesConfig(AppConfig):
    name = "taishan.files"
    verbose_name = "Files"
