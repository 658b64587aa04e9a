// What comes out of gzip, for tests.
#pragma once

#include <zlib.h>

#include <catch2/catch.hpp>
#include <string>

namespace fundtrail::testing {

// Of one whole member (RFC 1952), and nothing behind it.
inline std::string Gunzipped(std::string packed) {
  z_stream stream{};
  REQUIRE(inflateInit2(&stream, 15 + 16) == Z_OK);
  stream.next_in = reinterpret_cast<Bytef*>(packed.data());
  stream.avail_in = static_cast<uInt>(packed.size());
  std::string body;
  int end = Z_OK;
  while (end == Z_OK) {
    char piece[4096];
    stream.next_out = reinterpret_cast<Bytef*>(piece);
    stream.avail_out = sizeof piece;
    end = inflate(&stream, Z_NO_FLUSH);
    body.append(piece, sizeof piece - stream.avail_out);
  }
  const bool all_read = stream.avail_in == 0;
  inflateEnd(&stream);
  CHECK(end == Z_STREAM_END);
  CHECK(all_read);
  return body;
}

}  // namespace fundtrail::testing
