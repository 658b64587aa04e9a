// The types of what a site answers with. Those of what a browser loads follow from its ending: web_files.h.
#pragma once

namespace fundtrail::pages {

inline constexpr char kHtmlType[] = "text/html; charset=utf-8", kCsvType[] = "text/csv; charset=utf-8",
                      kJsonType[] = "application/json", kSvgType[] = "image/svg+xml",
                      kPngType[] = "image/png", kTextType[] = "text/plain; charset=utf-8",
                      kAtomType[] = "application/atom+xml; charset=utf-8",
                      kXmlType[] = "application/xml; charset=utf-8";

}  // namespace fundtrail::pages
