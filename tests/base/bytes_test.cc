// Bytes as text and numbers as bytes. Base64: the vectors of RFC 4648 §10, and one text for one value.
#include "ledger/base/bytes.h"

#include <catch2/catch.hpp>
#include <random>

namespace fundtrail {
namespace {

TEST_CASE("hexadecimal: lower case out, either case in, nothing else") {
  const Bytes bytes("\x00\x7f\x80\xff", 4);
  CHECK(HexEncode(bytes) == "007f80ff");
  for (const char* text : {"007f80ff", "007F80Ff"}) CHECK(HexDecode(text).value() == bytes);
  CHECK(HexDecode("").value().empty());
  for (const char* bad : {"0", "007", "0g", " 00", "00 ", "0x00", "-1", "\xc3\xa4"}) {
    INFO(bad);
    CHECK_FALSE(HexDecode(bad).ok());
  }
}

TEST_CASE("base64: the vectors of RFC 4648") {
  const std::vector<std::pair<Bytes, std::string>> vectors = {{"", ""},
                                                              {"f", "Zg=="},
                                                              {"fo", "Zm8="},
                                                              {"foo", "Zm9v"},
                                                              {"foob", "Zm9vYg=="},
                                                              {"fooba", "Zm9vYmE="},
                                                              {"foobar", "Zm9vYmFy"},
                                                              {"\xfb\xff", "+/8="}};
  for (const auto& [bytes, text] : vectors) {
    INFO(text);
    CHECK(Base64Encode(bytes) == text);
    CHECK(Base64Decode(text).value() == bytes);
  }
}

TEST_CASE("base64 is read strictly: one text for one value") {
  for (const char* bad : {"Zg", "Zg=", "Z===", "Zg===", "=", "====", "Zm9v\n", " Zm9v", "Zm 9v",
                          "Zh==", "Zm9=", "-_8=", "Zm9vZg==Zm9v", "Zg==Zg==", "Z\xc3\xa4==", "Zm9v="}) {
    INFO(bad);
    CHECK_FALSE(Base64Decode(bad).ok());
  }
  CHECK_FALSE(Base64Decode(std::string("Zm\09", 4)).ok());
}

TEST_CASE("random bytes go round, and whatever is decoded encodes to the same text") {
  const auto seed = std::random_device{}();
  INFO("seed " << seed);
  std::mt19937 random(seed);
  int decoded = 0;
  for (int round = 0; round < 20'000; ++round) {
    Bytes bytes(random() % 50, '\0');
    for (char& c : bytes) c = static_cast<char>(random());
    REQUIRE(HexDecode(HexEncode(bytes)).value() == bytes);
    REQUIRE(Base64Decode(Base64Encode(bytes)).value() == bytes);
    std::string text((random() % 3) * 4, 'A');
    for (char& c : text) c = "AQgw/+=Zz"[random() % 9];
    const auto read = Base64Decode(text);
    if (read.ok()) REQUIRE(Base64Encode(*read) == text);
    decoded += read.ok() && !text.empty() ? 1 : 0;
  }
  CHECK(decoded > 100);
}

TEST_CASE("numbers are big-endian, so that they sort as bytes") {
  Bytes out;
  AppendBigEndian16(&out, 0x0102);
  AppendBigEndian32(&out, 0x03040506);
  AppendBigEndian64(&out, 0x0708090a0b0c0d0eULL);
  CHECK(HexEncode(out) == "0102030405060708090a0b0c0d0e");
  CHECK(ReadBigEndian16(out) == 0x0102);
  CHECK(ReadBigEndian32(out.substr(2)) == 0x03040506);
  CHECK(ReadBigEndian64(out.substr(6)) == 0x0708090a0b0c0d0eULL);
  const Bytes ones(8, '\xff');  // no sign creeps in
  CHECK(ReadBigEndian16(ones) == 0xffff);
  CHECK(ReadBigEndian32(ones) == 0xffffffff);
  CHECK(ReadBigEndian64(ones) == ~0ULL);
}

TEST_CASE("a hash has 32 bytes") {
  const Bytes bytes = Bytes(31, '\x01') + "\xfe";
  const auto hash = Hash::FromBytes(bytes);
  REQUIRE(hash.ok());
  CHECK(hash->view() == bytes);
  CHECK(hash->hex() == HexEncode(bytes));
  CHECK_FALSE(Hash::FromBytes(bytes.substr(1)).ok());
  CHECK_FALSE(Hash::FromBytes(bytes + "x").ok());
  CHECK(Hash().hex() == std::string(64, '0'));
}

}  // namespace
}  // namespace fundtrail
