using Microsoft.Extensions.Options;

namespace Hype.Hosting.Options;

/// <summary>Collects all errors of one configuration section, so that an operator sees them together.</summary>
public sealed class OptionChecks(string section)
{
    private readonly List<string> _errors = [];

    /// <summary>Adds an error if <paramref name="value"/> lies outside the two bounds, which are both allowed.</summary>
    public OptionChecks Range<T>(string key, T value, T lowest, T highest)
        where T : IComparable<T> =>
        Require(value.CompareTo(lowest) >= 0 && value.CompareTo(highest) <= 0, key,
            $"is {value}, but must be between {lowest} and {highest}.");

    /// <summary>
    /// Adds an error if <paramref name="holds"/> is false. The requirement continues a sentence that starts with the key.
    /// </summary>
    public OptionChecks Require(bool holds, string key, string requirement)
    {
        if (!holds)
            _errors.Add($"{section}:{key} {requirement}");
        return this;
    }

    /// <summary>Adds an error if there is a flaw. The flaw continues a sentence that starts with the key.</summary>
    public OptionChecks RequireNone(string? flaw, string key) => Require(flaw is null, key, flaw ?? "");

    public ValidateOptionsResult Result() => _errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(_errors);
}
