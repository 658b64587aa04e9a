// See site.h.
#include "ledger/pages/site.h"

#include <algorithm>
#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "ledger/pages/content_types.h"
#include "ledger/pages/faults.h"
#include "ledger/pages/files.h"
#include "ledger/pages/layout.h"
#include "ledger/pages/routes.h"

namespace fundtrail::pages {
namespace {

// The picture of one asset by its own path (PicturePath), as the question for it that the path stands for.
Address PictureAsAsked(Address address) {
  std::vector<std::string>& parts = address.parts;
  if (address.form != Form::kSvg || parts.size() < 2 || HasPicture(parts) || !address.Asked("asset").empty())
    return address;
  const std::vector<std::string> page(parts.begin(), parts.end() - 1);
  if (!HasPicture(page)) return address;
  address.query.emplace_back("asset", parts.back());
  parts.pop_back();
  return address;
}

StatusOr<Page> PageAt(const Asking& asking) {
  const Address& address = asking.address;
  if (address.as_of.has_value() && *address.as_of >= asking.view.checkpoint.size()) {
    return absl::OutOfRangeError(absl::StrCat("record ", *address.as_of,
                                              " is not there yet: this ledger has ",
                                              asking.view.checkpoint.size(), " records, counted from 0"));
  }
  // Of a ledger without a record there is the first page, which says so.
  if (asking.view.checkpoint.size() == 0 && !address.parts.empty())
    return absl::NotFoundError("nothing is recorded in this ledger yet");
  Page page;
  page.language = LanguageTag(address.language);
  page.pinned = address.as_of.has_value();
  const bool lacks_slash = !address.folder && address.form == Form::kPage;
  if (lacks_slash || address.followed) {
    if (!LeadsSomewhere(address.parts)) return NoSuchPage();
    page.status = lacks_slash ? 301 : 303;
    page.content_type = kTextType;
    page.location = address.Text();
    return page;
  }
  if (address.form == Form::kSvg && !HasPicture(address.parts)) return NoSuchPage();
  if (address.form == Form::kPng && !HasCard(address.parts)) return NoSuchPage();
  FT_ASSIGN_OR_RETURN(const Content content, MakeContent(asking));
  if (!content.elsewhere.empty()) {
    page.status = 303;
    page.content_type = kTextType;
    page.location = absl::StrCat("/", address.Front(), content.elsewhere);
    return page;
  }
  if (address.embed && (content.figure.empty() || address.form != Form::kPage)) return NoSuchPage();
  switch (address.form) {
    case Form::kCsv:
      if (!content.has_csv) return NoSuchPage();
      page.content_type = kCsvType;
      page.is_long = content.is_long;
      page.body = content.data;
      return page;
    case Form::kJson:
      if (!content.has_json) return NoSuchPage();
      page.content_type = kJsonType;
      page.body = content.data;
      return page;
    case Form::kSvg:
      if (!content.pictures.empty()) return PicturesPage(asking, content);
      if (!content.has_svg) return NoSuchPage();
      page.content_type = kSvgType;
      page.body = content.data;
      return page;
    case Form::kPng:
      if (!content.has_png) return NoSuchPage();
      page.content_type = kPngType;
      page.body = content.data;
      return page;
    case Form::kPage:
      break;
  }
  page.content_type = kHtmlType;
  page.is_html = true;
  page.is_embed = address.embed;
  FT_ASSIGN_OR_RETURN(page.body, Laid(asking, content));
  return page;
}

}  // namespace

StatusOr<Page> AnswerPage(const store::Reader& rows, const PageRequest& request) {
  FT_ASSIGN_OR_RETURN(const query::View view, query::MakeView(rows));
  return AnswerPage(view, request);
}

StatusOr<Page> AnswerPage(const query::View& view, const PageRequest& request) {
  FT_ASSIGN_OR_RETURN(auto file, FileAt(view, request));
  if (file.has_value()) return *std::move(file);
  const auto address = ReadAddress(request.path, request.query);
  // Of an address that cannot be read this much is known: its language, and how many folders lead to the root.
  Address nowhere;
  nowhere.depth = static_cast<std::size_t>(std::count(request.path.begin(), request.path.end(), '/'));
  if (nowhere.depth > 0) --nowhere.depth;
  if (request.path.rfind("/zh/", 0) == 0) nowhere.language = Language::kChinese;
  const Asking asking{view,
                      address.has_value() ? PictureAsAsked(*address) : nowhere,
                      request.base,
                      request.vkey,
                      request.folder,
                      request.is_copy,
                      request.in_pieces,
                      request.outlines,
                      request.terms,
                      request.keeping};
  StatusOr<Page> page = address.has_value()
                            ? PageAt(asking)
                            : StatusOr<Page>(absl::InvalidArgumentError("this is no address of a page"));
  if (page.ok()) return page;
  const auto code = StatusOfFault(page.status());
  if (!code.has_value()) return page;
  return FaultPage(asking, request.path, page.status(), *code);
}

}  // namespace fundtrail::pages
