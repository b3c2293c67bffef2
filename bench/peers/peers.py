#!/usr/bin/env python3
"""One peer of the comparison, answering commands: what refrain_peer.cc does for refrain.

    bench/peers/peers.py NAME      reads commands from stdin, one a line; answers each with one line of JSON
    bench/peers/peers.py --list    the names

    about           {"version", "does"}: the package's version; what it was asked to do, for people
    time FILE       {"bytes", "shingles", "seconds", "shingle_seconds"}: sketches the texts of FILE (JSONL, field "text") from
                    first to last, again and again for a third of a second; seconds are those of the processor, all threads
                    together, for one pass. shingle_seconds is the part before the sketch: splitting into words, making
                    shingles; null where the peer does both in one
    compare FILE    {"exact", "estimates", "meets": {"12x4", "16x8"}}: texts 2i and 2i + 1 are a pair. Resemblance of their sets
                    of shingles as this peer makes them (null where it does not show them), its estimate, and whether the
                    signatures agree in all rows of a band (1 or 0), bands being taken from the front

The texts are in memory as str before time counts, and what was imported stays imported. Each peer is used as its documentation
shows, by the fastest way it has for a single thread, and is fed from lists of some dozens of texts where it takes lists. Peers
that want words to be split for them get str.lower() and str.split(), which is the fastest that Python has and knows nothing of
punctuation.
"""

import importlib.metadata
import json
import sys
import time

COMPONENTS = 128
BANDINGS = ((12, 4), (16, 8))  # bands, rows
SEED = 42
BATCH = 64  # texts


def split_shingles(text):
    words = text.lower().split()
    return list(map(" ".join, zip(words, words[1:], words[2:], words[3:], words[4:])))


class Peer:
    """A peer that is given texts a batch at a time. Subclasses say how."""

    package = ""
    does = ""

    def shingle(self, texts):
        """What the sketch is made of, for each text. None in peers that go from text to sketch in one step."""
        return [split_shingles(text) for text in texts]

    def sketch(self, shingled):
        """Sketches of what shingle() gave, in the form that costs the peer least."""
        raise NotImplementedError

    def work(self, texts):
        """From texts to sketches."""
        return self.sketch(self.shingle(texts))

    def rows(self, sketches):
        """The components of each sketch."""
        return sketches

    def sets(self, texts):
        """The set of shingles of each text."""
        return [set(shingles) for shingles in self.shingle(texts)]

    def compare(self, texts):
        exact, estimates, meets = [], [], {f"{bands}x{rows}": [] for bands, rows in BANDINGS}
        for begin in range(0, len(texts), BATCH):
            batch = texts[begin : begin + BATCH]
            sets = self.sets(batch)
            components = [list(row) for row in self.rows(self.work(batch))]
            for i in range(0, len(batch), 2):
                a, b = sets[i : i + 2]
                exact.append(len(a & b) / len(a | b))
                agree = [x == y for x, y in zip(components[i], components[i + 1], strict=True)]
                estimates.append(sum(agree) / len(agree))
                for bands, rows in BANDINGS:
                    met = any(all(agree[band * rows : (band + 1) * rows]) for band in range(bands))
                    meets[f"{bands}x{rows}"].append(int(met))
        return {"exact": exact, "estimates": estimates, "meets": meets}


class Datasketch(Peer):
    package = "datasketch"
    does = "MinHash.generator, default scheme (affine32) and hash (SHA-1 by hashlib)"

    def __init__(self):
        from datasketch import MinHash

        self.minhash = MinHash
        self.arguments = {"num_perm": COMPONENTS, "seed": SEED}

    def shingle(self, texts):
        return [[shingle.encode() for shingle in split_shingles(text)] for text in texts]

    def sketch(self, shingled):
        return list(self.minhash.generator(shingled, **self.arguments))

    def rows(self, sketches):
        return [sketch.digest().tolist() for sketch in sketches]


class DatasketchXxhash(Datasketch):
    does = "MinHash.generator, default scheme (affine32), hash xxh32"

    def __init__(self):
        import xxhash

        super().__init__()
        self.arguments["hashfunc"] = xxhash.xxh32_intdigest


class RensaFull(Peer):
    package = "rensa"
    does = "RMinHash.digest_matrix_from_token_sets"

    def __init__(self):
        import rensa

        self.rensa = rensa

    def sketch(self, shingled):
        return self.rensa.RMinHash.digest_matrix_from_token_sets(shingled, COMPONENTS, SEED)

    def rows(self, sketches):
        return sketches.to_rows()


class RensaC(RensaFull):
    does = "CMinHash.from_token_sets"

    def sketch(self, shingled):
        return self.rensa.CMinHash.from_token_sets(shingled, COMPONENTS, SEED)

    def rows(self, sketches):
        return [sketch.digest_u64() for sketch in sketches]


class RensaRho(RensaFull):
    does = "RMinHash.digest_matrix_from_token_sets_rho, which samples places of the text"

    def sketch(self, shingled):
        return self.rensa.RMinHash.digest_matrix_from_token_sets_rho(shingled, COMPONENTS, SEED)


class FastSketch(Peer):
    package = "fastsketchlsh"
    does = "FastSimilaritySketch.batch, num_threads=1"

    def __init__(self):
        from FastSketchLSH import FastSimilaritySketch

        self.sketcher = FastSimilaritySketch(COMPONENTS, SEED)

    def sketch(self, shingled):
        return self.sketcher.batch(shingled, num_threads=1)

    def rows(self, sketches):
        return [row.tolist() for row in sketches]


class Gaoya(Peer):
    """Its Python package has no signatures, only an index that makes them. Asking an empty index makes one and looks it up in
    empty tables, which costs little. Estimates are the similarities of what is found in an index of bands of one row, where
    texts meet if a single component agrees; those that do not meet have estimate 0."""

    package = "gaoya"
    does = "MinHashStringIndex(32, analyzer='word', lowercase=True, ngram_range=(5, 5)).query on an empty index of 16 x 8"

    def __init__(self):
        from gaoya.minhash import MinHashStringIndex

        self.index = MinHashStringIndex
        self.empty = self.make(16, 8)

    def make(self, bands, rows):
        return self.index(32, 0.0, bands, rows, None, "word", True, (5, 5), "vec")

    shingle = None

    def work(self, texts):
        return [self.empty.query(text) for text in texts]

    def compare(self, texts):
        def similarities(bands, rows):
            index = self.make(bands, rows)
            for i in range(0, len(texts), 2):
                index.insert_document(i, texts[i])
            for i in range(0, len(texts), 2):
                yield dict(index.query(texts[i + 1], return_similarity=True)).get(i)

        return {
            "exact": None,
            "estimates": [similarity or 0.0 for similarity in similarities(COMPONENTS, 1)],
            "meets": {
                f"{bands}x{rows}": [int(similarity is not None) for similarity in similarities(bands, rows)]
                for bands, rows in BANDINGS
            },
        }


class Datatrove(Peer):
    package = "datatrove"
    does = "MinhashDedupSignature.get_shingles and get_signature, 64 bit, English: words by spaCy's blank model"

    def __init__(self):
        import tempfile

        from datatrove.pipeline.dedup.minhash import MinhashConfig, MinhashDedupSignature

        config = MinhashConfig(n_grams=5, num_buckets=16, hashes_per_bucket=8)
        with tempfile.TemporaryDirectory() as folder:  # it wants a place for files, and writes none here
            self.step = MinhashDedupSignature(folder, config)

    def shingle(self, texts):
        return [self.step.get_shingles(text) for text in texts]

    def sketch(self, shingled):
        return [self.step.get_signature(shingles) for shingles in shingled]

    def rows(self, sketches):
        return [sum(buckets, []) for buckets in sketches]

    def sets(self, texts):
        return [set(shingles.ravel().tolist()) for shingles in self.shingle(texts)]


class DatatroveSplit(Datatrove):
    does = "the same with str.split in spaCy's place"

    def __init__(self):
        super().__init__()

        class Split:
            word_tokenize = staticmethod(str.split)

        self.step.word_tokenizer = Split()


class TextDedup(Peer):
    package = "text-dedup"
    does = "minhash.embed_func, defaults (64 bit, SHA-1) but for 128 components in 16 x 8"

    def __init__(self):
        import numpy
        from text_dedup import minhash
        from text_dedup.utils import ngrams, sha1_hash

        self.numpy, self.minhash, self.ngrams = numpy, minhash, ngrams
        prime = numpy.uint64((1 << 61) - 1)
        draw = numpy.random.RandomState(SEED).randint
        self.arguments = {
            "num_perm": COMPONENTS,
            "ngram_size": 5,
            "min_length": 5,
            "hashranges": [(begin, begin + 8) for begin in range(0, COMPONENTS, 8)],
            "permutations": (
                draw(1, prime, size=(COMPONENTS,), dtype=numpy.uint64),
                draw(0, prime, size=(COMPONENTS,), dtype=numpy.uint64),
            ),
            "hash_func": sha1_hash,
            "dtype": numpy.uint64,
            "max_hash": numpy.uint32((1 << 32) - 1),
            "modulo_prime": prime,
        }

    shingle = None

    def work(self, texts):
        return [self.minhash.embed_func(text, 0, **self.arguments) for text in texts]

    def rows(self, sketches):
        signatures = (b"".join(sketch[self.minhash.SIGNATURE_COLUMN]) for sketch in sketches)
        return [self.numpy.frombuffer(signature, self.numpy.uint64).tolist() for signature in signatures]

    def sets(self, texts):
        return [set(self.ngrams(self.minhash.NON_ALPHA.split(text.lower()), 5, 5)) for text in texts]


PEERS = {
    "datasketch": Datasketch,
    "datasketch, xxh32": DatasketchXxhash,
    "rensa R-MinHash": RensaFull,
    "rensa C-MinHash": RensaC,
    "rensa rho": RensaRho,
    "FastSketchLSH": FastSketch,
    "gaoya": Gaoya,
    "datatrove": Datatrove,
    "datatrove, split": DatatroveSplit,
    "text-dedup": TextDedup,
}


def read_texts(path):
    with open(path, encoding="utf-8") as lines:
        return [json.loads(line)["text"] for line in lines]


def time_texts(peer, texts):
    """Passes until a third of a second is over, after a batch that does not count. What shingle() takes is timed on the way."""
    batches = [texts[begin : begin + BATCH] for begin in range(0, len(texts), BATCH)]
    peer.work(batches[0])
    clock = time.process_time
    passes, shingles, shingle_seconds, seconds = 0, 0, 0.0, 0.0
    begin = clock()
    while seconds < 1 / 3:
        for batch in batches:
            if peer.shingle is None:
                peer.work(batch)
                continue
            before = clock()
            shingled = peer.shingle(batch)
            shingle_seconds += clock() - before
            peer.sketch(shingled)
            shingles += sum(map(len, shingled))
        passes += 1
        seconds = clock() - begin
    return {
        "bytes": sum(len(text.encode()) for text in texts),
        "seconds": seconds / passes,
        "shingles": shingles // passes if peer.shingle else None,
        "shingle_seconds": shingle_seconds / passes if peer.shingle else None,
    }


def main(arguments):
    if arguments == ["--list"]:
        print("\n".join(PEERS))
        return
    peer = PEERS[arguments[0]]()
    for line in sys.stdin:
        command, _, path = line.rstrip("\n").partition(" ")
        if command == "about":
            answer = {"version": importlib.metadata.version(peer.package), "does": peer.does}
        elif command == "time":
            answer = time_texts(peer, read_texts(path))
        else:
            answer = peer.compare(read_texts(path))
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
