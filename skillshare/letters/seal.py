"""The seal: one PAdES signature of the employer's key over the whole file, certifying it against any change."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, String
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import fields, signers
from pyhanko.sign.signers.pdf_signer import PdfSigningSession

from skillshare.letters.keys import SealKey

FIELD = "cachet"
TOOLTIP = "Cachet d’intégrité de l’employeur"
BESIDE_CERTIFICATE = 1_024
"""Bytes reserved for what the seal holds beside the certificate and its issuer's name: digest, attributes, signature."""


def seal(pdf: bytes, *, key: SealKey, reason: str, name: str, at: datetime | None = None) -> bytes:
    """The sealed copy of `pdf`, dated `at` (now by default): a zero-size, tagged field is added, then signed into.

    A visible default stamp would use a font that is not embedded and break PDF/A. The seal is the only
    signature, so it certifies that nothing at all may change.
    """
    metadata = signers.PdfSignatureMetadata(
        field_name=FIELD, certify=True, docmdp_permissions=fields.MDPPerm.NO_CHANGES, reason=reason, name=name,
        md_algorithm="sha256", subfilter=fields.SigSeedSubFilter.PADES)
    signer = _DatedSigner(metadata, signer=key.signer())
    signer.at = at or datetime.now(UTC)
    # in hexadecimal digits; the issuer's name comes back beside the certificate. A dry run would find it, in as much time
    reserved = 2 * (2 * len(key.certificate_der()) + BESIDE_CERTIFICATE)
    out = signer.sign_pdf(_Writer(io.BytesIO(with_field(pdf))), existing_fields_only=True, bytes_reserved=reserved)
    return out.getvalue()


class _DatedSigner(signers.PdfSigner):
    """Dates the seal with the act's instant, which is not always the machine's."""

    at: datetime

    def init_signing_session(self, *args: Any, **kwargs: Any) -> PdfSigningSession:
        session = super().init_signing_session(*args, **kwargs)
        session.system_time = self.at
        return session


class _Writer(IncrementalPdfFileWriter):
    """Leaves title, dates and XMP as composed: pyHanko would stamp them with the machine's clock."""

    def _update_meta(self) -> None:
        return None


def with_field(pdf: bytes) -> bytes:
    """`pdf` with an empty signature field that keeps it tagged: widget, Form element, parent tree entry."""
    document = pikepdf.open(io.BytesIO(pdf))
    page = document.pages[-1]
    tree = document.Root.StructTreeRoot
    position = int(tree.get("/ParentTreeNextKey", 0)) or _next_key(tree.ParentTree)
    widget = document.make_indirect(Dictionary(
        Type=Name.Annot, Subtype=Name.Widget, FT=Name.Sig, T=String(FIELD), TU=String(TOOLTIP),
        Contents=String(TOOLTIP), Rect=Array([0, 0, 0, 0]), F=132, P=page.obj, StructParent=position))
    parent = _document_element(tree)
    element = document.make_indirect(Dictionary(
        Type=Name.StructElem, S=Name.Form, P=parent, Alt=String(TOOLTIP), Pg=page.obj,
        K=Dictionary(Type=Name.OBJR, Obj=widget, Pg=page.obj)))
    _append(document, parent, element)
    _register(tree.ParentTree, position, element)
    tree.ParentTreeNextKey = position + 1
    annotations = page.obj.get("/Annots", Array([]))
    page.obj.Annots = Array([*annotations, widget])
    page.obj.Tabs = Name.S
    document.Root.AcroForm = document.make_indirect(Dictionary(Fields=Array([widget]), SigFlags=3))
    out = io.BytesIO()
    document.save(out, deterministic_id=True, fix_metadata_version=False)
    return out.getvalue()


def _document_element(tree: pikepdf.Object) -> pikepdf.Object:
    children = tree.K
    return children[0] if isinstance(children, Array) else children


def _append(document: pikepdf.Pdf, parent: pikepdf.Object, element: pikepdf.Object) -> None:
    children = parent.get("/K", Array([]))
    if not isinstance(children, Array):
        children = Array([children])
    parent.K = Array([*children, element])


def _leaves(node: pikepdf.Object) -> Iterator[pikepdf.Object]:
    if "/Nums" in node:
        yield node
    for child in node.get("/Kids", Array([])):
        yield from _leaves(child)


def _next_key(node: pikepdf.Object) -> int:
    return max(int(leaf.Nums[i]) for leaf in _leaves(node) for i in range(0, len(leaf.Nums), 2)) + 1


def _register(node: pikepdf.Object, position: int, element: pikepdf.Object) -> None:
    last = list(_leaves(node))[-1]
    last.Nums = Array([*last.Nums, position, element])
    if "/Limits" in last:
        last.Limits = Array([last.Limits[0], position])
