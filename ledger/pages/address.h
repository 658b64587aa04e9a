// The address of a page, taken apart: /zh/@412/embed/party/X/went.csv?fund=F.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "ledger/pages/words.h"

namespace fundtrail::pages {

// What is in place of the last "/": a PNG is what shared links show (picture/card.h).
enum class Form { kPage, kCsv, kJson, kSvg, kPng };

struct Address {
  Language language = Language::kEnglish;
  std::optional<std::uint64_t> as_of;  // the record after which the ledger is looked at
  bool embed = false;
  std::vector<std::string> parts;  // "party", "X", "went"; none of the home page
  Form form = Form::kPage;
  bool folder = true;     // whether the path ends with "/", as that of a page must
  std::size_t depth = 0;  // how many folders the path goes down from the root
  std::vector<std::pair<std::string, std::string>> query;
  // Whether its question had keys too that networks put into shared links to follow who opens them, as `fbclid`. No page takes one, and none
  // of them asks anything: they are left out of `query`, however many there are.
  bool followed = false;

  // The value of a key of the query; empty when it is not there.
  std::string Asked(std::string_view key) const;
  // "party/X/went/", without language, record and frame. Of the home page it is empty.
  std::string Path() const;
  // "?fund=F&asset=USD" with these instead of those of the same key, and without the key where a value is empty. Empty
  // when nothing is left.
  std::string QueryWith(const std::vector<std::pair<std::string, std::string>>& instead) const;
  // The path from the site's root to the tree of pages in the same language, as of the same record: "zh/@412/".
  std::string Front() const;
  // All of it as a path from the site's root, with its question: "/zh/@412/embed/party/X/went.csv?fund=F". That of a page ends with a "/".
  std::string Text() const;
  // From this page's folder to the site's root: "../../", or "./"; "/" where no page lies so deep.
  std::string ToRoot() const;
};

// Nothing for what is the address of nothing. Such are a query with a key twice or with a value of no key, a path with an empty part,
// and a record that is no number. Which keys a page takes is told by routes.h.
std::optional<Address> ReadAddress(std::string_view path, std::string_view query);

// Where things are, as a path from the site's root.
std::string PartyPath(std::string_view id);
std::string FundPath(std::string_view id);
std::string ProjectPath(std::string_view id);
std::string ProgrammePath(std::string_view id);
std::string NeedPath(std::string_view id);
std::string PlacePath(std::string_view id);
std::string PaymentPath(std::uint64_t record, std::uint32_t line);
// Of the page at "party/X/went/": "party/X/went.svg". Of one asset among several it is "party/X/went/USD.svg", for folders, which know no
// question. An asset by the name of a page below, as `went`, has none: then it is empty.
std::string PicturePath(std::string_view page, std::string_view asset = "");

}  // namespace fundtrail::pages
