#!/bin/sh
# Made these certificates, once, for the tests only: an authority that nobody
# trusts, and four of this host's. The authority's own key was thrown away;
# the key of the others guards nothing. Needs OpenSSL 3.
set -eu
cd "$(dirname "$0")"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

key() { openssl ecparam -name prime256v1 -genkey -noout -out "$1"; }

key "$work/ca.key"
openssl req -x509 -new -key "$work/ca.key" -days 36500 -subj "/CN=onramp test authority" \
  -addext "keyUsage=critical,keyCertSign,cRLSign" -out ca.pem
key "$work/leaf.key"
openssl pkcs8 -topk8 -nocrypt -in "$work/leaf.key" -out leaf.key

# Name, subject alternative name, first day, last day.
leaf() {
  openssl req -new -key leaf.key -subj "/CN=onramp test" -out "$work/$1.csr"
  printf 'subjectAltName=%s\nextendedKeyUsage=serverAuth\nbasicConstraints=critical,CA:FALSE\n' \
    "$2" >"$work/$1.ext"
  : >"$work/index"
  cat >"$work/ca.cnf" <<CNF
[ca]
default_ca = d
[d]
database = $work/index
new_certs_dir = $work
default_md = sha256
policy = p
rand_serial = yes
unique_subject = no
[p]
commonName = supplied
CNF
  openssl ca -batch -notext -config "$work/ca.cnf" -cert ca.pem -keyfile "$work/ca.key" \
    -startdate "$3" -enddate "$4" -extfile "$work/$1.ext" -in "$work/$1.csr" -out "$1.pem"
}

leaf good IP:127.0.0.1,DNS:localhost 20200101000000Z 21200101000000Z
leaf other-name DNS:other.example 20200101000000Z 21200101000000Z
leaf expired IP:127.0.0.1,DNS:localhost 20200101000000Z 20200201000000Z
leaf early IP:127.0.0.1,DNS:localhost 21100101000000Z 21200101000000Z
