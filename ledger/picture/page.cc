// See page.h.
#include "ledger/picture/page.h"

#include <algorithm>
#include <vector>

#include "absl/strings/str_cat.h"
#include "ledger/picture/flow.h"
#include "ledger/picture/paint.h"
#include "ledger/picture/sheet.h"

namespace fundtrail::picture {
namespace {

constexpr Fixed kStyle(
    "body{font:16px/1.5 system-ui,sans-serif;margin:1rem;color:#0b0c0c;background:#fff}"
    ".scroll{overflow-x:auto}table{border-collapse:collapse;margin:1rem 0}"
    "caption{text-align:left;font-weight:bold}"
    "th,td{text-align:left;vertical-align:top;padding:.2rem .8rem .2rem 0;border-bottom:1px solid #b1b4b6}"
    ".n{text-align:right;font-variant-numeric:tabular-nums}");

struct Cell {
  std::string text;
  bool is_number = false;
  bool is_name = false;  // in the language that it was signed in
};

class HtmlTable {
 public:
  HtmlTable(const std::string& caption, const std::vector<Cell>& header) : table_("table") {
    table_.Add(Element("caption").AddText(caption).MadeOpen());
    Element row("tr");
    for (const Cell& cell : header) {
      Element head("th");
      head.Set("scope", "col");
      if (cell.is_number) head.Set("class", "n");
      row.Add(head.AddText(cell.text).MadeOpen());
    }
    table_.Add(Element("thead").Add(row.MadeOpen()).MadeOpen());
  }

  void Add(const std::vector<Cell>& cells) {
    Element row("tr");
    for (const Cell& cell : cells) {
      Element data("td");
      if (cell.is_number) data.Set("class", "n");
      if (cell.is_name) {
        data.Add(Element("bdi").Set("translate", "no").AddText(cell.text).MadeOpen());
      } else {
        data.AddText(cell.text);
      }
      row.Add(data.MadeOpen());
    }
    rows_ += row.MadeOpen();
  }

  // Nothing when it has no rows.
  Svg Made() {
    if (rows_.empty()) return {};
    table_.Add(Element("tbody").Add(rows_).MadeOpen());
    return Element("div").Set("class", "scroll").Add(table_.MadeOpen()).MadeOpen();
  }

 private:
  Element table_;
  Svg rows_;
};

// "Red Cross (hub), fund winter": as the title of its bar has it.
Cell NameCell(const v1::Account& account, const Words& words) {
  return {AccountName(account, words), false, true};
}

class AssetTables {
 public:
  AssetTables(const v1::AssetTrace& trace, const Words& words) : trace_(trace), words_(words) {
    const auto is_committed = [](const auto& sum) { return sum.committed() != 0; };
    committed_ = std::any_of(trace.ends().begin(), trace.ends().end(), is_committed) ||
                 std::any_of(trace.flows().begin(), trace.flows().end(), is_committed);
  }

  Svg Ends() const {
    HtmlTable table(words_.ends, Headed({{words_.how}, {words_.party}, {words_.first}, {words_.last}}));
    for (const auto& end : trace_.ends()) {
      table.Add(With(end, {{PaintOf(end.kind(), words_).words},
                           NameCell(end.account(), words_),
                           {end.first_date()},
                           {end.last_date()}}));
    }
    return table.Made();
  }

  Svg Flows() const {
    HtmlTable table(
        words_.flows,
        Headed({{words_.transfers, true}, {words_.from}, {words_.to}, {words_.first}, {words_.last}}));
    for (const auto& flow : trace_.flows()) {
      table.Add(With(flow, {{absl::StrCat(flow.transfers()), true},
                            NameCell(flow.from(), words_),
                            NameCell(flow.to(), words_),
                            {flow.first_date()},
                            {flow.last_date()}}));
    }
    return table.Made();
  }

  Svg Others(const std::vector<Folded>& folded) const {
    HtmlTable table(words_.folded, {{words_.hop, true}, {words_.amount, true}, {words_.party}});
    for (const Folded& one : folded)
      table.Add({{absl::StrCat(one.hop), true}, {Figure(one.amount), true}, NameCell(one.account, words_)});
    return table.Made();
  }

 private:
  std::string Figure(std::int64_t amount) const { return Money(amount, trace_.decimals()); }

  // The amount first, and behind it what of it is committed, where anything is.
  std::vector<Cell> Headed(std::vector<Cell> rest) const {
    if (committed_) rest.insert(rest.begin(), {words_.committed_of_it, true});
    rest.insert(rest.begin(), {words_.amount, true});
    return rest;
  }
  template <typename Sum>
  std::vector<Cell> With(const Sum& sum, std::vector<Cell> rest) const {
    if (committed_) rest.insert(rest.begin(), {Figure(sum.committed()), true});
    rest.insert(rest.begin(), {Figure(sum.amount()), true});
    return rest;
  }

  const v1::AssetTrace& trace_;
  const Words& words_;
  bool committed_ = false;
};

}  // namespace

StatusOr<std::string> Page(const v1::TraceAnswer& answer, const Words& words) {
  Element head("head");
  head.Add(Element("meta").Set("charset", "utf-8").Made());
  head.Add(Element("meta")
               .Set("http-equiv", "Content-Security-Policy")
               .SetText("content", "default-src 'none'; style-src 'unsafe-inline'")
               .Made());
  head.Add(
      Element("meta").Set("name", "viewport").Set("content", "width=device-width, initial-scale=1").Made());
  head.Add(Element("title").AddText(answer.question()).MadeOpen());
  head.Add(Element("style").AddFixed(kStyle).MadeOpen());
  Element body("body");
  body.Add(Element("h1").AddText(answer.question()).MadeOpen());
  if (answer.assets().empty()) body.Add(Element("p").AddText(words.no_money).MadeOpen());
  for (const auto& trace : answer.assets()) {
    FT_ASSIGN_OR_RETURN(const auto drawn,
                        Flow(trace, answer.direction(), CaptionOf(answer, trace, words), words));
    const AssetTables tables(trace, words);
    body.Add(Element("div").Set("class", "scroll").Add(drawn.svg).MadeOpen());
    body.Add(tables.Ends()).Add(tables.Others(drawn.folded)).Add(tables.Flows());
  }
  Element html("html");
  html.SetText("lang", words.language).Add(head.MadeOpen()).Add(body.MadeOpen());
  return absl::StrCat("<!DOCTYPE html>\n", html.MadeOpen().str(), "\n");
}

}  // namespace fundtrail::picture
