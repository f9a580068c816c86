using System.Runtime.Intrinsics.X86;
using X86Aes = System.Runtime.Intrinsics.X86.Aes;

namespace Hype.MediaNode.Ciphers;

/// <summary>Who computes AES on the packet path.</summary>
public enum AesEngine
{
    /// <summary>The processor's AES and carry-less multiplication instructions where it has them, else OpenSSL.</summary>
    Auto,

    /// <summary>The system's OpenSSL, always.</summary>
    OpenSsl,
}

internal static class AesEngines
{
    /// <summary>Do the processor's own instructions serve? Not on arm64, where OpenSSL does.</summary>
    public static bool UsesInstructions(this AesEngine engine) =>
        engine == AesEngine.Auto && X86Aes.IsSupported && Pclmulqdq.IsSupported && Ssse3.IsSupported;
}
