namespace Hype.LoadTest.Options;

/// <summary>What tokens are signed with.</summary>
internal sealed record ApiKey(string Id, string Secret)
{
    /// <summary>The secret comes by the environment: a command line can be read by everyone on the machine.</summary>
    public const string SecretVariable = "HYPE_LOAD_SECRET";

    /// <summary>Never prints the secret.</summary>
    public override string ToString() => $"ApiKey {{ {Id} }}";
}
