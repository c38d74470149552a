"""The `skillshare` command: unattended, lines flushed, exit codes 0 done, 1 false, 2 wrong use, 3 file refused."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

import click
from flask import Flask

from config import BadSetting
from skillshare.app import create_app
from skillshare.ground import clock, journal
from skillshare.ground.errors import SkillshareError
from skillshare.ground.extensions import db


def say(line: str) -> None:
    print(line, flush=True)


def main() -> None:
    """Run a command; a wrong setting or a refused action is one line, not a traceback."""
    try:
        commands(standalone_mode=False)
    except click.ClickException as error:
        error.show()
        sys.exit(2)
    except BadSetting as error:
        click.echo(f"Réglage : {error}", err=True)
        sys.exit(2)
    except SkillshareError as error:
        click.echo(error.message or error.title, err=True)
        sys.exit(2)
    except click.exceptions.Exit as stop:
        sys.exit(stop.exit_code)
    except click.Abort:
        sys.exit(2)


def application() -> Flask:
    app = create_app()
    app.app_context().push()
    return app


@click.group(help="SkillShare, la bourse de compétences.")
def commands() -> None:
    pass


@commands.command("init-db", help="Créer les tables et charger le catalogue des compétences ; peut être répété.")
def init_db() -> None:
    application()
    _migrate()
    _load_catalogue()


@commands.command("upgrade", help="Mettre la base à la version du programme.")
def upgrade() -> None:
    application()
    _migrate()


def _migrate() -> None:
    import flask_migrate

    from config import ROOT

    flask_migrate.upgrade(directory=str(ROOT / "migrations"))
    say("Base à jour.")


def _load_catalogue() -> None:
    from skillshare.skills.actions import load_catalogue

    count = load_catalogue()
    db.session.commit()
    say(f"Catalogue : {count} compétences.")


@commands.command("check", help="Vérifier réglages, base, droits des dossiers et serveur de courriel.")
def check() -> None:
    app = application()
    problems = [*_check_database(), *_check_folders(app), *_check_smtp(app)]
    for problem in problems:
        say(f"✗ {problem}")
    say("Tout est en ordre." if not problems else f"{len(problems)} point(s) à corriger.")
    sys.exit(1 if problems else 0)


def _check_database() -> list[str]:
    import sqlalchemy as sa

    try:
        tables = sa.inspect(db.engine).get_table_names()
    except sa.exc.SQLAlchemyError as error:
        return [f"base de données : {str(error).splitlines()[0]}"]
    return [] if "journal" in tables else ["base de données : vide ; lancez skillshare init-db"]


def _check_folders(app: Flask) -> list[str]:
    home: Path = app.config["HOME"]
    return [f"dossier {home / name} : pas de droit d’écriture" for name in ("keys", "letters", "hr/out", "hr/in")
            if not os.access(home / name, os.W_OK)]


def _check_smtp(app: Flask) -> list[str]:
    import smtplib

    settings = app.config["SMTP"]
    if settings is None:
        return []
    try:
        with smtplib.SMTP(settings["host"], settings["port"], timeout=5) as server:
            server.noop()
    except OSError as error:
        return [f"SMTP {settings['host']}:{settings['port']} : {error}"]
    return []


@commands.command("create-admin", help="Donner le rôle d’administration à un agent importé, et son lien d’accès.")
@click.argument("email")
def create_admin(email: str) -> None:
    from skillshare.organisation import actions

    application()
    link = actions.create_administrator(email, at=clock.now())
    db.session.commit()
    say(f"Premier accès, une seule fois : {link}")


@commands.command("send-test-mail", help="Envoyer un courriel d’essai.")
@click.argument("to")
def send_test_mail(to: str) -> None:
    from email.message import EmailMessage

    from skillshare.ground import outbox

    app = application()
    if app.config["SMTP"] is None:
        raise click.UsageError("aucun serveur : réglez SKILLSHARE_SMTP_HOST.")
    mail = EmailMessage()
    mail["Subject"], mail["From"], mail["To"] = "Essai de la bourse de compétences", app.config["SMTP"]["sender"], to
    mail.set_content("Ce message montre que l’envoi de courriels fonctionne.")
    try:
        outbox.smtp_send(outbox.Transport(**app.config["SMTP"]), mail)
    except OSError as error:
        say(f"Échec : {error}")
        sys.exit(1)
    say(f"Envoyé à {to}.")


@commands.command("import-hr", help="Importer l’extraction du SIRH : simulation sans --apply.")
@click.argument("units", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.argument("agents", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--sites", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--apply", is_flag=True, help="Appliquer, et non simuler.")
@click.option("--report", type=click.Path(dir_okay=False, path_type=Path), help="Écrire le rapport en JSON.")
@click.option("--employer", "employer_siret", help="SIRET de l’employeur.")
@click.option("--force", is_flag=True, help="Accepter plus de 5 % de départs.")
def import_hr(**options: Any) -> None:
    from skillshare.organisation.hr_import import command

    application()
    sys.exit(command.run(**options))


@commands.command("demo", help="Créer le département de démonstration ; sans effet s’il existe déjà.")
def demo() -> None:
    from skillshare.demo import builder

    app = application()
    _migrate()
    _load_catalogue()
    say(f"Appariement : {builder.build(app, say=say)}")


@commands.command("match", help="Lancer un appariement.")
@click.option("--json", "as_json", is_flag=True, help="Un objet JSON sur la sortie.")
def match(as_json: bool) -> None:
    from skillshare.proposals import runs

    application()
    run = runs.run_matching(clock.now())
    db.session.commit()
    summary = runs.summary(run)
    if as_json:
        say(json.dumps(summary, ensure_ascii=False))
    else:
        say(f"Appariement n° {run.id} : {run.status}, {sum(run.filled)} places sur {run.seats}, {run.seconds:.1f} s.")


@commands.group("letters", help="Les lettres de mission.")
def letters_group() -> None:
    pass


@letters_group.command("verify", help="Vérifier le sceau d’une lettre.")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def letters_verify(file: Path) -> None:
    from skillshare.letters.actions import verify_bytes

    application()
    verdict = verify_bytes(file.read_bytes())
    say(verdict.reason_fr)
    sys.exit(0 if verdict.valid else 1)


@commands.group("journal", help="Le journal.")
def journal_group() -> None:
    pass


@journal_group.command("verify", help="Recalculer la chaîne du journal.")
def journal_verify() -> None:
    application()
    verdict = journal.verify()
    say(f"Journal intact : {verdict.rows} lignes, tête {verdict.head}." if verdict.valid else verdict.reason)
    sys.exit(0 if verdict.valid else 1)


@commands.command("export-person", help="Toutes les données d’une personne, en JSON.")
@click.argument("staff_number")
def export_person(staff_number: str) -> None:
    from skillshare.admin import export

    application()
    data = export.of_person(staff_number)
    if data is None:
        raise click.UsageError(f"aucun agent n’a le matricule {staff_number}.")
    say(json.dumps(data, ensure_ascii=False, indent=2, default=str))


@commands.command("backup", help="Sauvegarder base, clés et lettres dans un dossier.")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
def backup(folder: Path) -> None:
    from skillshare.admin import backups

    say(f"Sauvegarde : {backups.backup(application(), folder)}")


@commands.command("restore", help="Remettre une sauvegarde en place.")
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
def restore(folder: Path) -> None:
    from skillshare.admin import backups

    backups.restore(application(), folder)
    say("Sauvegarde remise en place.")


@commands.command("jobs", help="Le processus des tâches : courriels, appariement de nuit, horloges.")
@click.option("--once", is_flag=True, help="Faire ce qui est dû, puis s’arrêter.")
def jobs(once: bool) -> None:
    from skillshare.jobs import runner

    app = application()
    if once:
        runner.run_due(app, clock.now())
    else:
        runner.serve(app)


@commands.command("run", help="Servir le site et les tâches ; crée la démonstration si la base est vide.")
def run() -> None:
    from skillshare import serving

    serving.serve(say=say)


if __name__ == "__main__":
    main()
