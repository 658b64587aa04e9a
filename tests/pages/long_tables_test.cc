// Tables that are too long for one answer: they are told, and come whole in pieces.
#include "ledger/pages/long_tables.h"

#include <catch2/catch.hpp>
#include <cstddef>
#include <set>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "ledger/query/list.h"
#include "ledger/query/statement.h"
#include "tests/pages/site_world.h"
#include "tests/support/text.h"

namespace fundtrail::testing {
namespace {

// More payments than are sent at once.
struct Busy : Site {
  Busy() {
    // No record is longer than 64 KiB.
    for (int entry = 0; entry < 3; ++entry) {
      std::vector<v1::Action> many;
      for (int i = 0; i < 700; ++i)
        many.push_back(Pay("donor", "ministry", 100 + i, v1::TRANSFER_KIND_DONATION));
      Do(many);
    }
  }
  pages::PageRequest Asked(const std::string& address) const {
    pages::PageRequest request;
    request.path = address.substr(0, address.find('?'));
    if (request.path.size() < address.size()) request.query = address.substr(request.path.size() + 1);
    request.in_pieces = true;
    request.base = "https://aid.example";
    return request;
  }
  pages::Page InPieces(const std::string& address) const {
    return Need(pages::AnswerPage(ledger->store(), Asked(address)));
  }
};

StatusOr<query::Pages<v1::ListAnswer>> Ask(const query::View& view, const v1::ListRequest& request) {
  return query::List(view, request, query::PagingOf(request));
}
StatusOr<query::Pages<v1::StatementAnswer>> Ask(const query::View& view,
                                                const v1::StatementRequest& request) {
  return query::Statement(view, request, query::PagingOf(request));
}

// All pieces, and how many they are.
std::pair<std::string, int> Together(const query::View& view, pages::AnyLongTable table) {
  std::pair<std::string, int> all;
  std::visit(
      [&](const auto& one) {
        auto pieces = Need(Ask(view, one.request));
        while (!pieces.over()) all.first += one.csv(one.address, Need(pieces.Next()), all.second++ == 0);
      },
      std::move(table));
  return all;
}

TEST_CASE("a table that is too long for one answer comes in pieces, which are the bytes of the file") {
  const Busy site;
  for (const char* address :
       {"/payments.csv", "/zh/payments.csv", "/payments/2026.csv?raw=1", "/@6/payments.csv",
        "/payments.csv?party=ministry", "/party/ministry/statement.csv", "/zh/party/ministry/below.csv",
        "/party/ministry/statement.csv?fund=flood"}) {
    INFO(address);
    const std::string whole = site.Body(address);
    const bool is_long = std::string(address).find("/@6/") == std::string::npos;
    const pages::Page page = site.InPieces(address);
    CHECK(page.status == 200);
    CHECK(page.is_long == is_long);
    CHECK(page.body == (is_long ? "" : whole));
    const auto table = pages::LongTableAt(site.Asked(address), site.ledger->size() - 1);
    REQUIRE(table.has_value());
    const query::View view = site.view();
    const auto [text, pieces] = Together(view, *table);
    CHECK(text == whole);
    CHECK((pieces > 1) == is_long);
  }
}

TEST_CASE("a long table is one of its record, whatever comes while it is sent") {
  Busy site;
  const std::string before = site.Body("/payments.csv");
  const std::uint64_t as_of = site.ledger->size() - 1;
  site.Do({Pay("donor", "ministry", 7, v1::TRANSFER_KIND_DONATION)});
  const query::View view = site.view();
  CHECK(Together(view, *pages::LongTableAt(site.Asked("/payments.csv"), as_of)).first == before);
  CHECK(site.Body("/payments.csv") != before);
}

TEST_CASE("what is no table, or is asked wrongly, has no pieces") {
  const Busy site;
  for (const char* address :
       {"/payments/", "/payments.json", "/parties.csv", "/payments.csv?bad=1", "/payments.csv?kind=gift",
        "/payments//", "/party/ministry.csv", "/fund/flood/statement.csv", "nowhere"})
    CHECK_FALSE(pages::LongTableAt(site.Asked(address), 3).has_value());
  // Pages and short tables are as they are.
  CHECK(site.InPieces("/payments/").body == site.Body("/payments/"));
  CHECK(site.InPieces("/party/village/statement.csv").body == site.Body("/party/village/statement.csv"));
  CHECK(site.InPieces("/payments.csv?kind=gift").status == 400);
  CHECK(site.InPieces("/@9999/payments.csv").status == 404);
}

TEST_CASE("a folder has long tables whole") {
  const Busy site;
  const std::set<std::string> folder = {"/payments.csv", "/party/ministry/statement.csv"};
  for (const std::string& path : folder) {
    const std::string body = site.Ask(path, &folder).body;
    CHECK(body == site.Body(path));
    CHECK_FALSE(Has(body, "after="));
  }
}

}  // namespace
}  // namespace fundtrail::testing
