// What the maker of a page is given, and what it gives back.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "fundtrail/v1/account.pb.h"
#include "fundtrail/v1/entry.pb.h"
#include "google/protobuf/message.h"
#include "ledger/base/status.h"
#include "ledger/pages/address.h"
#include "ledger/pages/html.h"
#include "ledger/pages/kept_answers.h"
#include "ledger/pages/table.h"
#include "ledger/pages/words.h"
#include "ledger/query/pages.h"
#include "ledger/query/view.h"

namespace fundtrail::picture {
struct Outlines;
}

namespace fundtrail::pages {

struct DataTerms;  // page.h

struct Content {
  std::string title;
  std::string shown_name;  // of what the page is about, where its card may need it (picture/card.h)
  Html body;
  Html figure;           // the part that may stand in a frame of another page
  std::string data;      // instead of the body, where CSV, JSON or SVG is asked for
  bool has_csv = false;  // whether the page has these beside it
  bool has_json = false;
  bool has_svg = false;
  bool has_png = false;
  // The assets that have a picture each, where one is asked for and several could be meant.
  std::vector<std::string> pictures;
  bool is_long = false;     // the data is a table that has to be sent in pieces
  std::string elsewhere;    // the path of the page that is the answer, where this one has none of its own
  bool indexed = true;      // whether search engines may list it
  bool is_fault = false;    // whether it says that there is no answer
  std::string method;       // how the answer tells units apart, where it does
  std::string description;  // in a sentence, for whoever shares it or lists it; empty: the title says it
  Html linked_data;         // what it is about, for search engines (linked_data.h)
  std::string feed;         // the path of its own feed from the site's root, where it has one
};

// Of one request. Does not own what it refers to.
struct Asking {
  const query::View& view;
  const Address& address;
  const std::string& base;
  const std::string& vkey;
  const std::set<std::string>* folder = nullptr;  // PageRequest has what they mean
  bool is_copy = false;
  bool in_pieces = false;
  const picture::Outlines* outlines = nullptr;
  const DataTerms* terms = nullptr;
  Keeping* keeping = nullptr;

  Language language() const { return address.language; }
  const std::optional<std::uint64_t>& as_of() const { return address.as_of; }
  bool wants_csv() const { return address.form == Form::kCsv; }
  bool wants_svg() const { return address.form == Form::kSvg; }
  bool wants_png() const { return address.form == Form::kPng; }
  bool wants_json() const { return address.form == Form::kJson; }
  std::string asked(std::string_view key) const { return address.Asked(key); }
  // The number of the last record that the answer knows. The ledger has one.
  std::uint64_t last_record() const;

  std::string Words(Word word) const { return std::string(In(language(), word)); }
  std::string Words(Word word, const std::vector<std::string>& values) const {
    return SayText(language(), word, values);
  }
  Html Shown(Word word) const { return Text(In(language(), word)); }
  Html Shown(Word word, const std::vector<Html>& values) const { return Say(language(), word, values); }
  // A sentence about a number, which is its first value.
  Html Counted(Word word, std::uint64_t count, std::vector<Html> more = {}) const;
  // The same as plain text.
  std::string CountedWords(Word word, std::uint64_t count, std::vector<std::string> more = {}) const;
  // "2020-08-27" as a sentence has it.
  Html Day(const std::string& day) const;
  Html Paragraph(Word word, const std::vector<Html>& values = {}) const {
    return Element("p", Shown(word, values));
  }
  // A line of a list <dl> of what is known of one thing; nothing where there is no value.
  Html Fact(Word what, const Html& value) const {
    return value.empty() ? Html() : Element("dt", Shown(what)) + Element("dd", value);
  }
  Html TextFact(Word what, const std::string& text) const {
    return Fact(what, text.empty() ? Html() : Name(text));
  }
  Html Heading(Word word) const { return Element("h2", Shown(word)); }
  template <typename Enum>
  std::string Value(Enum value) const {
    return EnumWord(language(), value);
  }

  // The answer to a question, which other pages of the same item may have asked before (kept_answers.h).
  template <typename Make>
  auto Kept(const std::string& question, const Make& make) const {
    return keeping == nullptr ? KeptAnswers().Of(question, make) : keeping->near.Of(AsAsked(question), make);
  }
  // The same of what all pages ask.
  template <typename Make>
  auto KeptForAll(const std::string& question, const Make& make) const {
    return keeping == nullptr ? KeptAnswers().Of(question, make) : keeping->all.Of(AsAsked(question), make);
  }
  // A question as of the page's record.
  std::string AsAsked(const std::string& question) const {
    return as_of().has_value() ? "@" + std::to_string(*as_of()) + " " + question : question;
  }

  // Whether the page will lie in a folder, where nobody answers a question.
  bool in_folder() const { return folder != nullptr; }
  // Whether the site has that path, from its root and without the first "/". A server has all.
  bool Has(const std::string& path) const { return folder == nullptr || folder->count("/" + path) == 1; }

  // The address, as seen from this page, of a path in the tree of the same language and record.
  std::string To(std::string_view path) const;
  // In a folder it leads to the page without its question, and to nothing that the folder does not have.
  Html Link(std::string_view path, const Html& content) const;
  Html Link(std::string_view path, Word word) const { return Link(path, Shown(word)); }
  // Nothing where a folder does not have it. The question stands apart.
  Html LinkIfThere(const std::string& path, const std::string& query, Word word) const;
  // The same page with another question, which search engines need not follow. In a folder the content alone.
  Html Again(const std::vector<std::pair<std::string, std::string>>& instead, const Html& content) const;

  // Where a path of the live pages is, as others link to it; relative where the site does not know its own name.
  std::string Whole(std::string_view path) const;

  // "Red Cross", as a link to its page; the id where there is no name. Nothing for an empty id.
  Html Party(const std::string& id, const std::string& name) const;
  Html Fund(const std::string& id) const;
  Html Project(const std::string& id) const;
  Html Programme(const std::string& id) const;
  Html Place(const std::string& id, const std::string& name) const;
  Html Need(const std::string& id) const;
  Html Payment(std::uint64_t record, std::uint32_t line) const;
  // "1,200.00 CNY". In a sentence in Chinese with its size as people there say it, (约 2,096 万).
  std::string Money(std::int64_t amount, std::uint32_t decimals, const std::string& asset) const;
  std::string MoneyInWords(std::int64_t amount, std::uint32_t decimals, const std::string& asset) const;
};

// "1,200.00"; "1200.00" in files; "1,234".
std::string MoneyText(std::int64_t amount, std::uint32_t decimals);
std::string PlainMoneyText(std::int64_t amount, std::uint32_t decimals);
std::string NumberText(std::uint64_t number);

// The one method that has words of its own in every language; another one is told as the answer names it.
bool IsKnownMethod(std::string_view method);
std::string MethodWords(const Asking& asking, const std::string& method);

// Cells of tables.
Cell WordCell(const std::string& text);  // a word of ours
Cell NameCell(const std::string& text);  // a text of somebody
Cell FileCell(const std::string& text);  // of a column that files alone have
Cell MoneyCell(std::int64_t amount, std::uint32_t decimals);
Cell NumberCell(std::uint64_t number);
// How many people: fewer than five of one place and category are "<5" (docs/privacy.md).
Cell PeopleCell(std::int64_t people);
Cell PartyCell(const Asking& asking, const std::string& id, const std::string& name);
// The fund, and the project where there is one.
Cell FundCell(const Asking& asking, const v1::Account& account);
Cell PaymentCell(const Asking& asking, const v1::TransferRef& ref);

// An answer as the messages of protobuf are written in JSON. As of a record its checkpoint is size and root of then, which nobody need
// have signed, so that it never changes.
StatusOr<std::string> JsonText(const Asking& asking, const google::protobuf::Message& message);

// What a page of that form shows at most, and a file. What is left out is said.
inline constexpr std::uint64_t kRowsOnPage = 100, kRowsInFile = 50'000;
inline std::uint64_t MostRows(const Asking& asking) {
  return asking.address.form == Form::kPage ? kRowsOnPage : kRowsInFile;
}
// Of a table that can be sent in pieces. Where it can, so many rows are sent at once, and a longer one is long. A folder has all of it.
inline constexpr std::uint64_t kRowsAtOnce = 2'000;
inline std::uint64_t MostOfLongTable(const Asking& asking) {
  if (!asking.wants_csv()) return MostRows(asking);
  if (asking.in_folder()) return std::numeric_limits<std::uint64_t>::max();
  return asking.in_pieces ? kRowsAtOnce : kRowsInFile;
}

// All pages of an answer as one message. The limit of `paging` bounds it, and so does the view, which is told how large
// they are.
template <typename Answer>
StatusOr<Answer> AllPages(StatusOr<query::Pages<Answer>> pages) {
  FT_RETURN_IF_ERROR(pages.status());
  Answer all;
  bool first = true;
  while (!pages->over()) {
    FT_ASSIGN_OR_RETURN(const Answer page, pages->Next());
    FT_RETURN_IF_ERROR(pages->view().Grow(page.ByteSizeLong()));
    if (first) {
      all = page;
    } else {
      all.MergeFrom(page);
    }
    first = false;
  }
  return all;
}

// Fields of a request that most have.
template <typename Request>
void SetAsOf(const Asking& asking, Request* request) {
  if (asking.as_of().has_value()) request->set_as_of(*asking.as_of());
}

// The table as the form of the page has it: all of it in a file, `most` rows on a page. `next` is the page token for
// the rest, which the query key `after` takes; empty where there is no more. It goes on after the last row of the
// table, shown or not.
Html TableOnPage(const Asking& asking, const Table& table, const std::string& next = "",
                 std::size_t most = kRowsOnPage);
std::string TableInFile(const Asking& asking, const Table& table, const std::string& next = "");
// The last row of a file that is cut: how many rows it has, and where the rest begins.
std::string FileCut(const Asking& asking, std::uint64_t rows, const std::string& next);

// A table that is read piece by piece: sets its data, or that it is long. `csv` makes a piece, the first one with its titles, and adds its
// rows to those that it counts.
template <typename Answer, typename Csv>
Status AddPieces(const Asking& asking, StatusOr<query::Pages<Answer>> pages, const Csv& csv,
                 Content* content) {
  FT_RETURN_IF_ERROR(pages.status());
  std::uint64_t rows = 0;
  for (bool first = true; !pages->over(); first = false) {
    FT_ASSIGN_OR_RETURN(const Answer piece, pages->Next());
    const std::string text = csv(piece, first, &rows);
    FT_RETURN_IF_ERROR(pages->view().Grow(text.size()));
    content->data += text;
    if (piece.next().empty()) continue;
    content->is_long = asking.in_pieces;
    if (!content->is_long) content->data += FileCut(asking, rows, piece.next());
  }
  if (content->is_long) content->data.clear();
  return absl::OkStatus();
}

}  // namespace fundtrail::pages
