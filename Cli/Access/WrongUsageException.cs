namespace Hype.Cli.Access;

/// <summary>Reports that the arguments or the environment are invalid; the message says what is accepted.</summary>
internal sealed class WrongUsageException(string message) : Exception(message);
