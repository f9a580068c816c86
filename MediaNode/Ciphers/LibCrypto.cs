using System.Runtime.InteropServices;

namespace Hype.MediaNode.Ciphers;

/// <summary>
/// Declarations of the few OpenSSL 3 functions that SRTP needs (<c>man EVP_EncryptInit</c>). Return value 1 is success, 0 is failure.
/// Each call takes far less than a microsecond and never blocks. The calls made per packet therefore have
/// <see cref="SuppressGCTransitionAttribute"/>, which saves about a tenth of a packet's cost.
/// </summary>
internal static partial class LibCrypto
{
    public const int SetTag = 0x11;
    public const int GetTag = 0x10;

    private const string Library = "libcrypto.so.3";

    [LibraryImport(Library)]
    public static partial nint EVP_CIPHER_CTX_new();

    [LibraryImport(Library)]
    public static partial void EVP_CIPHER_CTX_free(nint context);

    [LibraryImport(Library)]
    public static partial nint EVP_aes_128_gcm();

    [LibraryImport(Library)]
    public static partial nint EVP_aes_256_gcm();

    [LibraryImport(Library)]
    public static partial nint EVP_aes_128_ctr();

    [LibraryImport(Library)]
    public static partial nint EVP_aes_256_ctr();

    /// <summary>Sets the cipher and the key of the context, if both are given; otherwise sets only the IV of the next packet.</summary>
    [LibraryImport(Library)]
    public static unsafe partial int EVP_CipherInit_ex(nint context, nint cipher, nint engine, byte* key, byte* iv, int encrypt);

    [LibraryImport(Library, EntryPoint = nameof(EVP_CipherInit_ex)), SuppressGCTransition]
    public static unsafe partial int SetIv(nint context, nint cipher, nint engine, byte* key, byte* iv, int encrypt);

    /// <param name="output">Null: the input is associated data.</param>
    [LibraryImport(Library), SuppressGCTransition]
    public static unsafe partial int EVP_CipherUpdate(nint context, byte* output, int* outputLength, byte* input, int inputLength);

    /// <summary>Ends the processing of a packet. When decrypting, returns 0 if the tag does not match.</summary>
    [LibraryImport(Library), SuppressGCTransition]
    public static unsafe partial int EVP_CipherFinal_ex(nint context, byte* output, int* outputLength);

    [LibraryImport(Library), SuppressGCTransition]
    public static unsafe partial int EVP_CIPHER_CTX_ctrl(nint context, int type, int argument, byte* pointer);

    // SHA-1 below the general interface: deprecated since 3.0, still exported, and the only way to save a half-computed hash.
    [LibraryImport(Library)]
    public static unsafe partial int SHA1_Init(Sha1State* state);

    [LibraryImport(Library), SuppressGCTransition]
    public static unsafe partial int SHA1_Update(Sha1State* state, byte* data, nuint length);

    [LibraryImport(Library), SuppressGCTransition]
    public static unsafe partial int SHA1_Final(byte* digest, Sha1State* state);

    /// <summary>
    /// The native structure <c>SHA_CTX</c>: five words of hash, two of length, a block of sixteen, and the number of bytes in it.
    /// </summary>
    [StructLayout(LayoutKind.Sequential, Size = 24 * sizeof(uint))]
    public struct Sha1State;
}
