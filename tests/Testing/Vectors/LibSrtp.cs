namespace Hype.Testing.Vectors;

/// <summary>
/// The reference packets of the test driver of libsrtp (Cisco, BSD-3), the SRTP implementation of all browsers. They cover the whole
/// way from master key to packet, including key derivation. The driver's first SRTCP packet has index 1.
/// </summary>
public static class LibSrtp
{
    public static readonly byte[] Rtp = Convert.FromHexString("800F1234DECAFBADCAFEBABEABABABABABABABABABABABABABABABAB");
    public static readonly byte[] Rtcp = Convert.FromHexString("81C8000BCAFEBABEABABABABABABABABABABABABABABABAB");

    public static class CounterMode
    {
        public static readonly byte[] MasterKey = Rfc3711.KeyDerivation.MasterKey;
        public static readonly byte[] MasterSalt = Rfc3711.KeyDerivation.MasterSalt;
        public static readonly byte[] Srtp = Convert.FromHexString(
            "800F1234DECAFBADCAFEBABE4E55DC4CE79978D88CA4D215949D2402B78D6ACC99EA179B8DBB");
        public static readonly byte[] Srtcp = Convert.FromHexString(
            "81C8000BCAFEBABE7128035BE487B9BDBEF89041F977A5A880000001993E08CD54D6C1230798");
    }

    public static class Gcm
    {
        public static readonly byte[] MasterKey = Convert.FromHexString("000102030405060708090A0B0C0D0E0F");
        public static readonly byte[] MasterSalt = Convert.FromHexString("A0A1A2A3A4A5A6A7A8A9AAAB");
        public static readonly byte[] Srtp = Convert.FromHexString(
            "800F1234DECAFBADCAFEBABEC5002EDE04CFDD2EB91159E0880AA06ED2976826F796B201DF3131A127E8A392");
        public static readonly byte[] Srtcp = Convert.FromHexString(
            "81C8000BCAFEBABEC98B8B5DF0392A55852B6C21AC8E7025C52C6FBEA2B3B446EA31123BA88CE61E80000001");
    }
}
