#include "vision/film_encoder.hpp"

#include <wels/codec_api.h>

#include <algorithm>
#include <opencv2/imgproc.hpp>
#include <string_view>

namespace jieding::vision {
namespace {

constexpr int quantiser = 24;       // of 0..51: hard to tell from the JPEGs that come in
constexpr int seconds_per_key = 2;  // how finely a player can jump
constexpr int sps_type = 7, pps_type = 8;

/// OpenH264 writes start codes (Annex B), MP4 wants lengths; parameter sets go into the head.
std::string sample_of(const SFrameBSInfo& coded, Mp4Track& track) {
  std::string sample, sps, pps;
  for (int i = 0; i < coded.iLayerNum; ++i) {
    const SLayerBSInfo& layer = coded.sLayerInfo[i];
    const unsigned char* at = layer.pBsBuf;
    for (int n = 0; n < layer.iNalCount; ++n) {
      const auto whole = static_cast<std::size_t>(layer.pNalLengthInByte[n]);
      std::string_view nal(reinterpret_cast<const char*>(at), whole);
      at += whole;
      nal.remove_prefix(nal[2] == 1 ? 3 : 4);
      const int type = nal[0] & 0x1F;
      if (type == sps_type || type == pps_type) {
        (type == sps_type ? sps : pps) = nal;
        continue;
      }
      for (int shift = 24; shift >= 0; shift -= 8)
        sample += static_cast<char>(nal.size() >> static_cast<unsigned>(shift) & 0xFFU);
      sample += nal;
    }
  }
  if (!sps.empty() && !track.has_parameters()) track.set_parameters(sps, pps);
  return sample;
}

void describe_colours(SSpatialLayerConfig& layer) {
  layer.bVideoSignalTypePresent = true;
  layer.uiVideoFormat = VF_UNDEF;
  layer.bFullRange = false;
  layer.bColorDescriptionPresent = true;
  layer.uiColorPrimaries = CP_SMPTE170M;
  layer.uiTransferCharacteristics = TRC_SMPTE170M;
  layer.uiColorMatrix = CM_SMPTE170M;
}

void choose(SEncParamExt& wanted, cv::Size size, int fps) {
  wanted.iUsageType = CAMERA_VIDEO_REAL_TIME;
  wanted.iPicWidth = size.width;
  wanted.iPicHeight = size.height;
  wanted.fMaxFrameRate = static_cast<float>(fps);
  wanted.iRCMode = RC_OFF_MODE;  // one quality throughout, no picture is left out
  wanted.bEnableFrameSkip = false;
  wanted.uiIntraPeriod = static_cast<unsigned>(seconds_per_key * fps);
  wanted.eSpsPpsIdStrategy = CONSTANT_ID;
  wanted.iEntropyCodingModeFlag = 1;
  wanted.iMultipleThreadIdc = 1;
  wanted.bEnableDenoise = false;
  wanted.bEnableBackgroundDetection = false;
  wanted.bEnableAdaptiveQuant = false;
  wanted.bEnableSceneChangeDetect = false;
  wanted.bEnableLongTermReference = false;
  SSpatialLayerConfig& layer = wanted.sSpatialLayers[0];
  layer.iVideoWidth = size.width;
  layer.iVideoHeight = size.height;
  layer.fFrameRate = static_cast<float>(fps);
  layer.uiProfileIdc = PRO_HIGH;
  layer.iDLayerQp = quantiser;
  layer.sSliceArgument.uiSliceMode = SM_SINGLE_SLICE;
  describe_colours(layer);
}

double text_size(cv::Size film) {
  return std::max(0.4, film.height / 900.0);
}
int stroke(cv::Size film) {
  return std::max(1, cvRound(film.height / 500.0));
}

}  // namespace

Result<std::unique_ptr<FilmEncoder>> FilmEncoder::create(cv::Size size, int fps) {
  ISVCEncoder* made = nullptr;
  if (WelsCreateSVCEncoder(&made) != 0) return Error(Fault::Internal, "no H.264 encoder");
  std::unique_ptr<FilmEncoder> encoder(new FilmEncoder(made, size, fps));
  int said = WELS_LOG_ERROR;
  made->SetOption(ENCODER_OPTION_TRACE_LEVEL, &said);
  SEncParamExt wanted{};
  made->GetDefaultParams(&wanted);
  choose(wanted, size, fps);
  if (made->InitializeExt(&wanted) != cmResultSuccess)
    return Error(Fault::Invalid, "the encoder refuses a film of " + std::to_string(size.width) +
                                     " x " + std::to_string(size.height) + " pixels");
  int format = videoFormatI420;
  made->SetOption(ENCODER_OPTION_DATAFORMAT, &format);
  return encoder;
}

FilmEncoder::~FilmEncoder() {
  encoder_->Uninitialize();
  WelsDestroySVCEncoder(encoder_);
}

Result<std::string> FilmEncoder::encode(const cv::Mat& bgr, Mp4Track& track) {
  cv::Mat planes;
  cv::cvtColor(bgr, planes, cv::COLOR_BGR2YUV_I420);
  SSourcePicture picture{};
  picture.iColorFormat = videoFormatI420;
  picture.iPicWidth = size_.width;
  picture.iPicHeight = size_.height;
  picture.iStride[0] = size_.width;
  picture.iStride[1] = picture.iStride[2] = size_.width / 2;
  picture.pData[0] = planes.data;
  picture.pData[1] = planes.data + size_.area();
  picture.pData[2] = picture.pData[1] + size_.area() / 4;
  picture.uiTimeStamp = pictures_++ * 1000 / fps_;
  SFrameBSInfo coded{};
  if (encoder_->EncodeFrame(&picture, &coded) != cmResultSuccess ||
      coded.eFrameType == videoFrameTypeSkip || coded.eFrameType == videoFrameTypeInvalid)
    return Error(Fault::Internal, "the encoder failed on a picture");
  std::string sample = sample_of(coded, track);
  track.add(sample.size(), coded.eFrameType == videoFrameTypeIDR);
  return sample;
}

cv::Rect date_corner(cv::Size film, const std::string& date) {
  int base = 0;
  const cv::Size text =
      cv::getTextSize(date, cv::FONT_HERSHEY_DUPLEX, text_size(film), stroke(film), &base);
  const int border = text.height / 2;
  const int height = std::min(film.height, text.height + base + 2 * border);
  return {0, film.height - height, std::min(film.width, text.width + 2 * border), height};
}

cv::Mat film_frame(const cv::Mat& bgr, cv::Size film, const std::string& date) {
  const double scale = std::min(double(film.width) / bgr.cols, double(film.height) / bgr.rows);
  const cv::Size inner(std::clamp(cvRound(bgr.cols * scale), 1, film.width),
                       std::clamp(cvRound(bgr.rows * scale), 1, film.height));
  cv::Mat out = cv::Mat::zeros(film, CV_8UC3);
  const cv::Rect place((film.width - inner.width) / 2, (film.height - inner.height) / 2,
                       inner.width, inner.height);
  cv::resize(bgr, out(place), inner, 0, 0, scale < 1 ? cv::INTER_AREA : cv::INTER_LINEAR);
  const cv::Rect corner = date_corner(film, date);
  out(corner).setTo(cv::Scalar(0, 0, 0));
  int base = 0;
  const cv::Size text =
      cv::getTextSize(date, cv::FONT_HERSHEY_DUPLEX, text_size(film), stroke(film), &base);
  cv::putText(out, date, {text.height / 2, corner.y + text.height / 2 + text.height},
              cv::FONT_HERSHEY_DUPLEX, text_size(film), {255, 255, 255}, stroke(film), cv::LINE_AA);
  return out;
}

}  // namespace jieding::vision
