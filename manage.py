#!/usr/bin/env python
"""Django's command-line entry point for Inflio."""

import os
import sys

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "inflio.settings")
    from django.core.management import execute_from_command_line

    from inflio.common.env import BadSetting

    try:
        execute_from_command_line(sys.argv)
    except BadSetting as error:
        sys.exit(f"{error}.")
