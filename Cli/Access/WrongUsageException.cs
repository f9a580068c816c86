namespace Hype.Cli.Access;

/// <summary>The arguments or the environment are invalid; the message says what is accepted.</summary>
internal sealed class WrongUsageException(string message) : Exception(message);
