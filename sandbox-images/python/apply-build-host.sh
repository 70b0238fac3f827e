#!/bin/sh
# Gives this build stage the building machine's way to its mirrors: CA bundle, Debian mirror, apt proxy.
set -eu
if [ -s /build-host/ca.crt ]; then
  mkdir -p /etc/ssl/certs
  cp /build-host/ca.crt /etc/ssl/certs/ca-certificates.crt
fi
if [ -s /build-host/debian.sources ]; then
  rm -f /etc/apt/sources.list /etc/apt/sources.list.d/*
  cp /build-host/debian.sources /etc/apt/sources.list.d/debian.sources
fi
if [ -s /build-host/apt.conf ]; then
  cp /build-host/apt.conf /etc/apt/apt.conf.d/99build-host
fi
