"""What shops call their columns, in English, German and French."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection
from functools import cache
from typing import Final

from webapp.services.imports.columns import Field

_WORDS: Final[dict[Field, str]] = {
    Field.ORDER_NUMBER: "order number, order no, order nr, order id, order, orderid, ordernumber, order name, "
    "number, purchase order, order reference, bestellnummer, bestellnr, bestell nr, "
    "bestellung, auftragsnummer, auftragsnr, auftrag, belegnummer, numero de commande, no "
    "commande, n commande, no de commande, commande, reference commande, amazon order id, "
    "sales record number, receipt id, transaction id, sales order, order ref, increment id, "
    "externe auftragsnummer, belegnr, bestellreferenz, numero commande, reference de "
    "commande, id commande, reference",
    Field.ORDERED_AT: "ordered at, order date, date, created at, created, date created, purchase date, sale "
    "date, paid at, order time, placed at, datum, bestelldatum, auftragsdatum, kaufdatum, "
    "erstellt am, erstellt, bestellt am, date de commande, date commande, date d achat, "
    "creee le, date de creation, date ordered, ordered on, order created, order datetime, "
    "date added, paid on date, date paid, erstelldatum, bestellzeit, bestellzeitpunkt, "
    "verkaufsdatum, verkauft am, date de la commande, date d ajout",
    Field.SHIP_BY: "ship by, ship by date, ship until, latest ship date, dispatch by, deliver by, due "
    "date, due, versand bis, versenden bis, lieferdatum, liefertermin, versanddatum, "
    "expedier avant, date d expedition, livrer le, promise date, spaetestes versanddatum",
    Field.CUSTOMER_NAME: "customer name, customer, buyer, buyer name, client, name, full name, kunde, "
    "kundenname, kaeufer, besteller, nom du client, nom client, acheteur, nom, bill to "
    "name, billing name, rechnungsname, rechnung name",
    Field.CHANNEL: "channel, sales channel, source, marketplace, platform, shop, kanal, vertriebskanal, "
    "verkaufskanal, marktplatz, plattform, canal, canal de vente, plateforme, boutique",
    Field.SKU: "sku, item sku, product sku, lineitem sku, variant sku, seller sku, merchant sku, "
    "custom label, custom label sku, product code sku, article number, product number, "
    "product code, item code, item number, item no, code, artikelnummer, artikelnr, artikel "
    "nr, art nr, artnr, produktnummer, reference produit, ref, ref produit, reference "
    "article, code article, code produit, art, artnum, artikelcode, haendler artikelnummer, "
    "eigene artikelnummer, sku artikelnummer, modell, model, reference",
    Field.GTIN: "gtin, ean, ean13, upc, barcode, variant barcode, product barcode, gtin upc ean or "
    "isbn, gtin upc ean, product upc ean, product ean, product upc, p ean, p upc, p gtin, "
    "upc ean, ean upc, upc code, ean nummer, ean nr, barcode nummer, product gtin, bar "
    "code, isbn, ean code, gtin ean, strichcode, code barre, code barres, code a barres, "
    "code barres ean, code ean",
    Field.PRODUCT_NAME: "product name, product, item name, item, title, item title, product title, lineitem "
    "name, description, article, artikel, artikelname, artikelbezeichnung, bezeichnung, "
    "produkt, produktname, titel, produit, nom du produit, nom produit, libelle, "
    "designation, intitule, article name, item description, product description, name "
    "translations default, produktbezeichnung, artikeltext, artikelbeschreibung, libelle "
    "produit, name, nom",
    Field.QUANTITY: "quantity, qty, units, amount ordered, ordered, items, quantity purchased, pieces, pcs, "
    "lineitem quantity, item quantity, quantity ordered, menge, anzahl, stueck, stueckzahl, "
    "stk, bestand, quantite, qte, pieces commandees, quantite commandee, stock, on hand, "
    "lagerbestand, product qty, item qty, qty ordered, quantity to ship, nombre, unites, on "
    "hand current, quantity on hand, on hand quantity, current stock level, current stock, "
    "stock level, stock quantity, available quantity, available, available not editable, "
    "inventory, inventory quantity, variant inventory qty, inventory qty, product quantity, "
    "lagerbestand gesamt, gesamtbestand, bestand gesamt, verfuegbarer bestand, verfuegbar, "
    "bestandsmenge, quantite en stock, quantite disponible, stock disponible, stock reel",
    Field.WAREHOUSE: "warehouse, depot, site, lager, lagerort, entrepot, warehouse name, standort, filiale, location",
    Field.LOCATION: "bin name, bin location, bin, shelf, location, place, lagerposition, lagerplatz, platz, "
    "regal, fach, stellplatz, emplacement, rayon, etagere, casier",
    Field.WEIGHT: "weight grams, weight in grams, weight g, grams, variant grams, gewicht in gramm, gewicht g, gramm, "
    "poids en grammes, poids g, grammes",
    Field.HS_CODE: "hs code, hscode, customs code, customs tariff number, tariff number, commodity code, hs tariff "
    "number, zolltarifnummer, warentarifnummer, warennummer, code sh, code douanier, nomenclature douaniere",
    Field.ORIGIN: "origin country, country of origin, origin, made in, country code of origin, ursprungsland, "
    "herkunftsland, ursprung, pays d origine, origine",
    Field.CANCELLED_AT: "cancelled at, canceled at, cancellation date, storniert am, storno, annulee le",
    Field.PAYMENT_STATUS: "payment status, financial status, zahlungsstatus, statut de paiement, statut paiement, "
    "payment state, bezahlstatus, etat du paiement",
    Field.ORDER_FULFILLMENT: "fulfillment status, fulfilment status, shipping status, shipment status, "
    "versandstatus, lieferstatus, statut d expedition, statut de livraison, order status, "
    "order state, status, bestellstatus, auftragsstatus, statut, statut commande, statut de "
    "la commande, etat de la commande, date shipped, shipped on date, shipped on, shipped "
    "at, versendet am, versandt am, expediee le",
    Field.UPDATED_AT: "updated at, last updated, modified, date modified, geaendert am, aktualisiert am, modifiee le",
    Field.EXTERNAL_ID: "external id, shop order id, externe id, id externe",
    Field.LINE_ID: "line id, lineitem id, line item id, order item id, positionsnummer, id ligne, order "
    "line id, order detail id",
    Field.UNIT_PRICE: "unit price, price per unit, price each, item cost, lineitem price, sold for, price, "
    "stueckpreis, einzelpreis, verkaufspreis, preis, prix unitaire, prix",
    Field.CURRENCY: "currency, currency code, order currency, waehrung, waehrungscode, devise, monnaie",
    Field.SHIP_TO_NAME: "ship to name, shipping name, recipient, recipient name, ship name, delivery name, "
    "deliver to, empfaenger, empfaengername, lieferadresse name, destinataire, nom du "
    "destinataire, nom de livraison, shipping person, ship to, delivery recipient, "
    "liefername, lieferempfaenger, nom livraison, livraison nom",
    Field.SHIP_TO_COMPANY: "ship to company, shipping company, company, recipient company, firma, unternehmen, "
    "firmenname, societe, entreprise, raison sociale, recipient company name, ship company, "
    "lieferfirma, societe livraison",
    Field.SHIP_TO_LINE1: "ship to line1, ship to address1, address, address 1, address1, address line 1, "
    "shipping address, shipping address 1, ship address 1, street, street address, street "
    "1, delivery address, adresse, adresse 1, strasse, strasse und hausnummer, anschrift, "
    "lieferadresse, rue, adresse de livraison, adresse ligne 1, shipping street, delivery "
    "address 1, delivery address line 1, recipient address, strasse nr, strasse hausnummer, "
    "strasse und nr, lieferstrasse, adresse livraison, buyer address 1",
    Field.SHIP_TO_LINE2: "ship to line2, ship to address2, address 2, address2, address line 2, shipping address "
    "2, ship address 2, street 2, adresse 2, adresszusatz, adresszeile 2, complement d "
    "adresse, adresse ligne 2, apartment, delivery address 2, delivery address line 2, "
    "shipping street 2, complement, complement adresse, buyer address 2",
    Field.SHIP_TO_LINE3: "ship to line3, address 3, address3, address line 3, shipping address 3, ship address "
    "3, adresse 3, adresszeile 3, adresse ligne 3",
    Field.SHIP_TO_POSTCODE: "ship to postcode, ship to zip, postcode, postal code, zip, zip code, zipcode, post "
    "code, shipping zip, shipping postcode, ship postal code, ship zip, ship zipcode, plz, "
    "postleitzahl, code postal, cp, delivery zip postal code, delivery postcode, delivery "
    "zip, shipping postal code, liefer plz, plz lieferadresse, code postal livraison, buyer "
    "zip",
    Field.SHIP_TO_CITY: "ship to city, city, town, shipping city, ship city, ort, stadt, wohnort, ville, "
    "localite, commune, delivery city, lieferort, ville livraison, buyer city",
    Field.SHIP_TO_REGION: "ship to region, region, state, province, county, shipping state, shipping province, "
    "ship state, bundesland, kanton, etat, departement, ship to state, delivery state, "
    "buyer state",
    Field.SHIP_TO_COUNTRY: "ship to country, country, country code, shipping country, ship country, land, "
    "laendercode, lieferland, pays, code pays, delivery country, shipping country code, "
    "ship to country code, pays livraison, pays de livraison, buyer country",
    Field.PHONE: "phone, phone number, telephone, tel, mobile, shipping phone, buyer phone number, ship "
    "phone number, telefon, telefonnummer, handy, mobil, portable, numero de telephone, "
    "ship to phone, ship phone, recipient phone, customer phone, telefonnr, telephone "
    "livraison",
    Field.EMAIL: "email, e mail, email address, mail, buyer email, customer email, e mail adresse, "
    "courriel, adresse mail, adresse e mail, contact email, billing email, email client, "
    "kunden e mail",
    Field.LANGUAGE: "language, locale, customer language, sprache, langue",
    Field.SHIPPING_METHOD: "shipping method, delivery method, shipping service, shipping option, carrier, ship "
    "service level, versandart, versanddienst, lieferart, mode de livraison, methode de "
    "livraison, transporteur, ship method, dispatch method, versandmethode",
    Field.CUSTOMER_NOTE: "customer note, note, notes, buyer note, comment, comments, order note, message, order "
    "notes, kundennotiz, kundenhinweis, anmerkung, anmerkungen, bemerkung, kommentar, "
    "notiz, note client, commentaire, remarque, message du client, note from customer, "
    "buyer notes, customer comments, customer message, order comments, buyer message, "
    "kundenkommentar, bestellnotiz, message client",
    Field.PACKING_NOTE: "packing note, packing instructions, packhinweis, verpackungshinweis, note d emballage",
    Field.GIFT_TEXT: "gift text, gift message, gift note, greeting, geschenktext, grusstext, "
    "geschenknachricht, message cadeau, texte cadeau, gift message text",
}
"""The words of each field, the likeliest first."""

TOGETHER: Final[dict[Field, tuple[tuple[str, str], ...]]] = {
    Field.ORDERED_AT: (
        ("date created", "time"),
        ("order date", "order time"),
        ("date", "time"),
        ("bestelldatum", "uhrzeit"),
        ("datum", "uhrzeit"),
        ("date de commande", "heure"),
    ),
    Field.CUSTOMER_NAME: (
        ("first name", "last name"),
        ("vorname", "nachname"),
        ("prenom", "nom"),
        ("prenom", "nom de famille"),
        ("customer first name", "customer last name"),
        ("billing first name", "billing last name"),
    ),
    Field.SHIP_TO_NAME: (
        ("shipping first name", "shipping last name"),
        ("ship first name", "ship last name"),
        ("recipient first name", "recipient last name"),
        ("empfaenger vorname", "empfaenger nachname"),
        ("delivery first name", "delivery last name"),
        ("lieferadresse vorname", "lieferadresse nachname"),
        ("livraison prenom", "livraison nom"),
    ),
    Field.SHIP_TO_LINE1: (("strasse", "hausnummer"), ("strasse", "hausnr"), ("street", "house number")),
}
"""Titles of two columns that make one field together."""

_OF_ANYTHING: Final = ("number", "reference")
"""Words for an order's number that other things have as well."""

_UMLAUTS: Final = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "œ": "oe"})


def fields_of_title(title: str, fields: Collection[Field]) -> list[tuple[Field, int]]:
    """Return which of the fields a column with this title may hold, by the words that shops use, each with how far down
    its list the word stands."""
    return [one for one in _fields_by_word().get(title_word(title), ()) if one[0] in fields]


def names_an_order(title: str) -> bool:
    """Return whether the title stands for an order's number and for nothing else."""
    return title_word(title) not in _OF_ANYTHING and bool(fields_of_title(title, [Field.ORDER_NUMBER]))


def title_word(title: str) -> str:
    """Return a title as one word without case, accents and signs."""
    text = unicodedata.normalize("NFKD", title.casefold().translate(_UMLAUTS))
    return re.sub(r"[^a-z0-9]", "", text)


@cache
def _fields_by_word() -> dict[str, list[tuple[Field, int]]]:
    fields: dict[str, list[tuple[Field, int]]] = {}
    for one, words in _WORDS.items():
        for rank, word in enumerate([one.value, one.name, *words.split(", ")]):
            fields.setdefault(title_word(word), []).append((one, rank))
    return fields
