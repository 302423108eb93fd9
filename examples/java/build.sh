#!/bin/sh
# Makes jars/shop.jar of the sources here, with a JDK and nothing else.
set -eu
cd "$(dirname "$0")"
api=../../target/fanfare-runner.jar
classes=target/classes
rm -rf "$classes"
mkdir -p "$classes" jars
libraries=$(find ../../target/lib -name 'org.jspecify*.jar' -o -name 'com.fasterxml.jackson.core.jackson-annotations*.jar' | tr '\n' ':')
javac --release 21 -cp "$api:$libraries" -d "$classes" src/shop/*.java
cp -r src/META-INF "$classes"
jar --create --file jars/shop.jar -C "$classes" .
echo "made jars/shop.jar"
