// What a person holds in his hands: an authenticator app, a passkey.
import { createHash, createHmac, createSign, generateKeyPairSync, randomBytes } from "node:crypto";

/** The six digits an authenticator app shows for a secret; of the next half minute if wanted. */
export function codeOf(secret, stepsAhead = 0) {
  const bits = [...secret].map((letter) =>
    "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".indexOf(letter).toString(2).padStart(5, "0"),
  );
  const bytes = bits
    .join("")
    .match(/.{8}/g)
    .map((byte) => Number.parseInt(byte, 2));
  const step = Buffer.alloc(8);
  step.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000) + stepsAhead));
  const digest = createHmac("sha1", Buffer.from(bytes)).update(step).digest();
  const number = digest.readUInt32BE(digest[19] & 15) & 0x7fffffff;
  return String(number % 1_000_000).padStart(6, "0");
}

const url64 = (bytes) => Buffer.from(bytes).toString("base64url");
const sha256 = (bytes) => createHash("sha256").update(bytes).digest();
const VERIFIED = 0x05; // somebody is there, and showed who
const ATTESTED = 0x40;

/** A passkey of one device, used on the page of `origin`. */
export class Passkey {
  constructor(origin) {
    this.origin = origin;
    this.id = randomBytes(32);
    this.keys = generateKeyPairSync("ec", { namedCurve: "P-256" });
    this.uses = 0;
  }

  /** The answer to the options of a new passkey. */
  create(options) {
    this.handle = options.user.id;
    const { x, y } = this.keys.publicKey.export({ format: "jwk" });
    const key = cbor(
      new Map([
        [1, 2],
        [3, -7],
        [-1, 1],
        [-2, Buffer.from(x, "base64url")],
        [-3, Buffer.from(y, "base64url")],
      ]),
    );
    const length = Buffer.from([0, this.id.length]);
    const attested = Buffer.concat([Buffer.alloc(16), length, this.id, key]);
    const authData = Buffer.concat([this.data(options.rp.id, ATTESTED), attested]);
    const attestation = new Map([
      ["fmt", "none"],
      ["authData", authData],
      ["attStmt", new Map()],
    ]);
    return this.answer({
      clientDataJSON: this.said("webauthn.create", options.challenge),
      attestationObject: url64(cbor(attestation)),
      transports: ["internal"],
    });
  }

  /** The public half as browsers give it to push services. */
  publicPoint() {
    const { x, y } = this.keys.publicKey.export({ format: "jwk" });
    const halves = [Buffer.from([4]), Buffer.from(x, "base64url"), Buffer.from(y, "base64url")];
    return url64(Buffer.concat(halves));
  }

  /** The answer to the options of a login. */
  get(options) {
    const said = this.said("webauthn.get", options.challenge);
    const data = this.data(options.rpId, 0);
    const signed = Buffer.concat([data, sha256(Buffer.from(said, "base64url"))]);
    return this.answer({
      clientDataJSON: said,
      authenticatorData: url64(data),
      signature: url64(createSign("sha256").update(signed).sign(this.keys.privateKey)),
      userHandle: this.handle,
    });
  }

  answer(response) {
    const id = url64(this.id);
    return {
      id,
      rawId: id,
      type: "public-key",
      authenticatorAttachment: "platform",
      clientExtensionResults: {},
      response,
    };
  }

  said(type, challenge) {
    const words = { type, challenge, origin: this.origin, crossOrigin: false };
    return url64(JSON.stringify(words));
  }

  data(host, flags) {
    this.uses += 1;
    const count = Buffer.alloc(4);
    count.writeUInt32BE(this.uses);
    return Buffer.concat([sha256(host), Buffer.from([VERIFIED | flags]), count]);
  }
}

/** As much of CBOR (RFC 8949) as a passkey says: numbers, bytes, texts, maps. */
function cbor(value) {
  if (typeof value === "number") {
    return value < 0 ? head(1, -1 - value) : head(0, value);
  }
  if (typeof value === "string") {
    return Buffer.concat([head(3, Buffer.byteLength(value)), Buffer.from(value)]);
  }
  if (value instanceof Map) {
    const pairs = [...value].flatMap(([key, each]) => [cbor(key), cbor(each)]);
    return Buffer.concat([head(5, value.size), ...pairs]);
  }
  return Buffer.concat([head(2, value.length), value]);
}

function head(kind, number) {
  const major = kind << 5;
  if (number < 24) return Buffer.from([major | number]);
  if (number < 256) return Buffer.from([major | 24, number]);
  return Buffer.from([major | 25, number >> 8, number & 255]);
}
