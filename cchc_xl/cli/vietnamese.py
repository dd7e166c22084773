"""Help as an office reads it: click's own words in Vietnamese, commands in the order of the work."""

from __future__ import annotations

import click


class Command(click.Command):
    """A command whose help is Vietnamese."""

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The first line."""
        formatter.write_usage(ctx.command_path, " ".join(self.collect_usage_pieces(ctx)), prefix="Cách dùng: ")

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The options, and the commands of a group."""
        with formatter.section("Tùy chọn"):
            formatter.write_dl([record for item in self.get_params(ctx) if (record := item.get_help_record(ctx))])

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        """``--help``."""
        option = super().get_help_option(ctx)
        if option is not None:
            option.help = "Hiện hướng dẫn này rồi thoát."
        return option


class Group(Command, click.Group):
    """The group of all commands."""

    command_class = Command

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The commands as they were added: in the order of the work, not of the alphabet."""
        del ctx
        return list(self.commands)

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The options, then the commands."""
        super().format_options(ctx, formatter)
        shown = [(name, self.commands[name].get_short_help_str(limit=200)) for name in self.list_commands(ctx)]
        with formatter.section("Lệnh"):
            formatter.write_dl(shown)
