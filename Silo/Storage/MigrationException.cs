namespace Hype.Silo.Storage;

/// <summary>
/// Reports that the scripts that were applied to the database do not match the scripts of this version. The message is for the operator.
/// </summary>
internal sealed class MigrationException(string message) : Exception(message);
