// A record without its outcome: what stands before it, where it ends the record, and else all.
#include "ledger/model/without_outcome.h"

#include <catch2/catch.hpp>
#include <string>

#include "fundtrail/v1/record.pb.h"

namespace fundtrail::testing {
namespace {

Bytes Record() {
  v1::Record record;
  record.set_index(7);
  record.mutable_signed_entry()->set_entry("entry");
  record.mutable_outcome();
  return record.SerializeAsString();
}

TEST_CASE("a record without its outcome is what stands before it") {
  v1::Record record;
  REQUIRE(record.ParseFromString(std::string(model::WithoutOutcome(Record()))));
  CHECK(record.index() == 7);
  CHECK(record.signed_entry().entry() == "entry");
  CHECK(!record.has_outcome());
}

TEST_CASE("what does not end with an outcome, or is no record, stays as it is") {
  const Bytes whole = Record();
  for (std::size_t size = 0; size < whole.size(); ++size)
    CHECK(model::WithoutOutcome(ByteView(whole).substr(0, size)).size() == size);
  for (const Bytes& bytes : {whole + "x", Bytes("\xff\xff\xff"), Bytes(100, '\0')})
    CHECK(model::WithoutOutcome(bytes) == bytes);
}

}  // namespace
}  // namespace fundtrail::testing
