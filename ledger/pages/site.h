// The pages for everybody: what a ledger says as HTML, CSV and JSON, in English and Chinese. A page is a pure function of its address
// and of the rows. So whoever asks again gets the same bytes, over HTTP or from a folder that `fundtrail site` wrote.
//
//   /party/X/went/         the page; /zh/party/X/went/ the same in Chinese
//   /party/X/went.csv      its rows, for a spreadsheet; .json the answer it is made of; .svg the flow as a picture
//   /find/?q=TEXT          what has that name, id or purpose; the page of the one that is it exactly
//   /@412/party/X/went/    as the ledger stood after record 412; it never changes
//   /embed/party/X/went/   the answer alone, for a frame in another page
//   /payments/2020/        a list that has years: those of one
#pragma once

#include <set>
#include <string>
#include <string_view>

#include "ledger/base/status.h"
#include "ledger/query/view.h"
#include "ledger/store/store.h"

namespace fundtrail::pages {

struct PageRequest {
  std::string path;   // begins with "/"
  std::string query;  // what stands after the "?", escaped as it was sent; may be empty
  std::string
      base;  // scheme://host of the site, for the few addresses that must be whole; empty when nobody knows it
  // The key that signs the ledger's checkpoints, as its folder has it: pages name it for the browser's check. Rows alone know it only
  // after it was replaced; empty leaves it to them.
  std::string vkey = "";
  // Whether it is a copy of the ledger that keeps up with it: pages of now say so, since it may be behind.
  bool is_copy = false;
  // Of a site in a folder: all that it has. Its pages lead to nothing else, and ask nothing. Null where a server answers.
  const std::set<std::string>* folder = nullptr;
};

struct Page {
  int status = 200;
  std::string content_type;
  std::string body;
  bool is_html = false;
  bool is_embed = false;  // may stand in a frame of any other page
  bool pinned = false;    // as of a record: it changes with the program alone
  std::string language = "en";
  std::string location;  // of a 30x: where it is, from the site's root
};

// Never an error of what was asked. An address or an id that is not there is a page of its own, with status 404 or 400, and says what to
// do. What comes back as a Status is no fault of whoever asks. DATA_LOSS for damaged rows, RESOURCE_EXHAUSTED for an answer that is too
// large, and what the view's functions say.
StatusOr<Page> AnswerPage(const store::Reader& rows, const PageRequest& request);
// The same as of a view, with its bounds.
StatusOr<Page> AnswerPage(const query::View& view, const PageRequest& request);

// Whether the path is that of a file beside the pages: robots.txt, what a browser loads, the proof of a record. Each is read, and
// costs little; the site's map is not among them.
bool IsPlainFile(std::string_view path);
// Whether what is at the path may follow from the query too. A file beside the pages reads none, so that whatever stands there changes
// nothing: the plain ones, the site's map, the list of modules, the feeds.
bool ReadsQuery(std::string_view path);

// A ledger of more payments has no page for each of them in a folder, and no proof of each record. The lists have its payments.
inline constexpr std::size_t kMaxPaymentPages = 50'000;
// What a site in a folder consists of: paths that begin with "/". They are the pages of now in both languages, lists by year too, and the
// pictures of where money of parties went and came from. Then come tables as CSV that both languages share, lists as JSON, the names to
// look in, and the proof of each record (docs/decisions/0020-site-in-a-folder.md). All that its pages lead to is among them, but for the
// checkpoint and the feed of an archive. Households are there, though the sitemap leaves them out.
StatusOr<std::set<std::string>> SitePaths(const query::View& view,
                                          std::size_t most_payments = kMaxPaymentPages);

}  // namespace fundtrail::pages
