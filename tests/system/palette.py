"""Screenshots for the guide: small files of at most 64 colours.

The browser decodes its own picture; the commonest colours become the palette, the others take the nearest.
"""

import base64
import struct
import zlib

import numpy as np

_PIXELS = """async png => {
    const bitmap = await createImageBitmap(await (await fetch("data:image/png;base64," + png)).blob());
    const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
    const context = canvas.getContext("2d");
    context.drawImage(bitmap, 0, 0);
    const bytes = context.getImageData(0, 0, bitmap.width, bitmap.height).data;
    let text = "";
    for (let at = 0; at < bytes.length; at += 32768) {
        text += String.fromCharCode(...bytes.subarray(at, at + 32768));
    }
    return [bitmap.width, bitmap.height, btoa(text)];
}"""


def reduced(browser, png):
    """The same picture as a PNG of palette colours."""
    with browser.new_context() as context:
        page = context.new_page()
        width, height, pixels = page.evaluate(_PIXELS, base64.b64encode(png).decode())
    raw = np.frombuffer(base64.b64decode(pixels), np.uint8).reshape(-1, 4)[:, :3].astype(np.int32)
    coded = (raw[:, 0] << 16) | (raw[:, 1] << 8) | raw[:, 2]
    colours, place, count = np.unique(coded, return_inverse=True, return_counts=True)
    kept = colours[np.argsort(-count, kind="stable")[:64]]
    parts = np.stack([colours >> 16, colours >> 8 & 255, colours & 255], axis=1)
    wanted = np.stack([kept >> 16, kept >> 8 & 255, kept & 255], axis=1)
    distance = ((parts[:, None, :] - wanted[None, :, :]) ** 2).sum(axis=2)
    indexed = distance.argmin(axis=1)[place.ravel()].astype(np.uint8).reshape(height, width)
    rows = np.zeros((height, width + 1), np.uint8)
    rows[:, 1:] = indexed
    return b"".join(
        [
            b"\x89PNG\r\n\x1a\n",
            _chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)),
            _chunk(b"PLTE", wanted.astype(np.uint8).tobytes()),
            _chunk(b"IDAT", zlib.compress(rows.tobytes(), 9)),
            _chunk(b"IEND", b""),
        ]
    )


def _chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
