namespace Hype.LoadTest.Options;

/// <summary>The key that signs tokens.</summary>
internal sealed record ApiKey(string Id, string Secret)
{
    /// <summary>The environment variable of the secret, because every user of the machine can read a command line.</summary>
    public const string SecretVariable = "HYPE_LOAD_SECRET";

    /// <summary>Never prints the secret.</summary>
    public override string ToString() => $"ApiKey {{ {Id} }}";
}
